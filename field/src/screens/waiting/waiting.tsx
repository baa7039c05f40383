import { useState } from 'preact/hooks';
import type { Waiting as Said, WaitingState } from '../../engine/engine.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Note, Section } from '../parts/rows.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { syncNow } from '../shell/strip.tsx';
import { ago } from '../shell/times.ts';
import { OneWaiting } from './one.tsx';
import { StorageState } from './storage.tsx';

const LOOK: WaitingState[] = ['refused', 'conflict'];

/** All that is said here and not settled with the office yet: in words, with why, and what can be done. */
export function Waiting() {
  const { engine, words: w } = useApp();
  const all = engine.waiting();
  const [look, rest] = [all.filter((one) => LOOK.includes(one.state)), all.filter((one) => !LOOK.includes(one.state))];
  const acts = (
    <>
      {all.length > 0 && <Export />}
      <button type="button" class="button button-main" onClick={() => void syncNow(engine, w)}>
        <Icon name="sync" />
        {w.strip.sync}
      </button>
    </>
  );
  return (
    <Page title={w.waiting.title} up={href('today')} acts={acts}>
      {engine.overdue && engine.oldestUnsent && (
        <Note tone="late" icon="alert">
          <p>
            <strong>{w.today.overdue(ago(engine.oldestUnsent, w))}</strong>
          </p>
          <p>{w.today.overdueHow}</p>
        </Note>
      )}
      {!all.length && <Empty icon="cloud">{w.waiting.none}</Empty>}
      {look.length > 0 && <Group title={w.waiting.look(look.length)} all={look} />}
      {rest.length > 0 && <Group title={w.waiting.rest(rest.length)} all={rest} />}
      <StorageState />
    </Page>
  );
}

function Group({ title, all }: { title: string; all: Said[] }) {
  return (
    <Section title={title}>
      <ul class="cards">
        {all.map((one) => (
          <OneWaiting key={one.id} one={one} />
        ))}
      </ul>
    </Section>
  );
}

/** The unsent work as a file: the last way out of a broken phone, and not encrypted. */
function Export() {
  const { engine, words: w } = useApp();
  const [asking, setAsking] = useState(false);
  const save = async () => {
    setAsking(false);
    const url = URL.createObjectURL(await engine.exportWaiting());
    const link = Object.assign(document.createElement('a'), {
      href: url,
      download: `citong-${new Date().toISOString().slice(0, 10)}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    announce(w.waiting.exported);
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        <Icon name="download" />
        {w.waiting.export}
      </button>
      {asking && (
        <Confirm
          title={w.waiting.export}
          words={w.waiting.exportWarning}
          yes={w.waiting.exportYes}
          grave
          onYes={() => void save()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
