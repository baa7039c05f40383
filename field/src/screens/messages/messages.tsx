import { useEffect, useState } from 'preact/hooks';
import type { Notice } from '../../engine/engine.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Pill } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { targetOf } from './target.ts';

/** What the office says. Seen here is read; what was new when the screen came stays marked while it stands. */
export function Messages() {
  const { engine, words: w } = useApp();
  const [fresh] = useState(() =>
    engine
      .notices()
      .filter((one) => !one.read)
      .map((one) => one.id),
  );
  useEffect(() => {
    if (fresh.length) void engine.say({ kind: 'read', data: { notices: fresh } });
  }, [engine, fresh]);
  const all = engine.notices();
  return (
    <Page title={w.messages.title} up={href('today')}>
      {all.length ? (
        <ul class="rows">
          {all.map((one) => (
            <Message key={one.id} one={one} fresh={fresh.includes(one.id)} />
          ))}
        </ul>
      ) : (
        <Empty icon="bell">{w.messages.none}</Empty>
      )}
    </Page>
  );
}

function Message({ one, fresh }: { one: Notice; fresh: boolean }) {
  const { engine, words: w } = useApp();
  const target = targetOf(engine, one);
  const { moment } = useTimes();
  const inside = (
    <>
      <Icon name="bell" />
      <span class="row-main">
        <span class={fresh ? 'row-title' : ''}>{one.text}</span>
        <span class="row-about">
          {moment(one.at)} {fresh && <Pill tone="calm">{w.messages.fresh}</Pill>}
        </span>
      </span>
      {target && <Icon name="next" />}
    </>
  );
  return (
    <li>
      {target ? (
        <a class="row" href={target}>
          {inside}
        </a>
      ) : (
        <div class="row">{inside}</div>
      )}
    </li>
  );
}
