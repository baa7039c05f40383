import { useEffect, useState } from 'preact/hooks';
import type { Rec } from '../../engine/engine.ts';
import { Chip } from '../form/choice.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Empty, Row } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href, replace, type Route } from '../shell/route.ts';
import { HomeRow, RoomRow } from './home-row.tsx';
import { buildings, homes } from './known.ts';

const SHOWS = ['week', 'all'] as const;
const FEW = 6; // buildings: so many are shown open
const MOST = 60; // found records on one screen

export function Households({ route }: { route: Route }) {
  const { words: w } = useApp();
  const [text, setText] = useState(route.query.get('q') ?? '');
  useEffect(() => setText(route.query.get('q') ?? ''), [route]);
  const show = route.query.get('show') === 'week' ? 'week' : 'all';
  const search = (value: string) => {
    setText(value);
    history.replaceState(history.state, '', href('households', { ...(value && { q: value }), show }));
  };
  return (
    <Page title={w.households.title}>
      <div class="search" role="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          value={text}
          aria-label={w.households.search}
          placeholder={w.households.search}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </div>
      {text.trim() ? (
        <Found text={text.trim()} />
      ) : (
        <>
          <fieldset class="chips">
            <legend class="unseen">{w.households.show}</legend>
            {SHOWS.map((one) => (
              <Chip
                key={one}
                type="radio"
                name="show"
                label={w.households.shows[one]}
                checked={one === show}
                onPick={() => replace(href('households', { show: one }))}
              />
            ))}
          </fieldset>
          {show === 'week' ? <ThisWeek /> : <ByBuilding />}
        </>
      )}
    </Page>
  );
}

function ThisWeek() {
  const { engine, words: w } = useApp();
  const visits = engine.plan()?.households ?? [];
  if (!visits.length) return <Empty icon="today">{w.today.noPlan}</Empty>;
  const order = [...visits].sort((a, b) => Number(a.outcome !== null) - Number(b.outcome !== null));
  return (
    <ul class="rows">
      {order.map((one) => (
        <HomeRow key={one.dwelling} visit={one} />
      ))}
    </ul>
  );
}

function ByBuilding() {
  const { engine, words: w } = useApp();
  const groups = buildings(engine, engine.records('dwelling'));
  if (!groups.length) return <Empty icon="homes">{w.households.none}</Empty>;
  return (
    <>
      {groups.map((one) => (
        <details key={one.name} class="building" open={groups.length <= FEW}>
          <summary>
            <Icon name="homes" />
            <span class="row-main">{one.name}</span>
            <span class="building-count">
              {w.households.count(one.homes.length)}
              {one.due > 0 && ` · ${w.households.due(one.due)}`}
            </span>
          </summary>
          <ul class="rows">
            {one.homes.map((home) => (
              <RoomRow key={home.dwelling.id} home={home} />
            ))}
          </ul>
        </details>
      ))}
      <a class="button button-wide" href={href('add', 'dwelling')}>
        <Icon name="plus" />
        {w.households.addDwelling}
      </a>
    </>
  );
}

const PAGES: Record<string, [page: string, icon: IconName]> = {
  person: ['record', 'user'],
  dwelling: ['dwelling', 'home'],
  organisation: ['record', 'shop'],
  place: ['record', 'pin'],
  situation: ['record', 'heart'],
};

export function pageOf(record: Rec): string {
  return href((PAGES[record.kind] ?? ['record'])[0], record.id);
}

export const iconOf = (kind: string): IconName => (PAGES[kind] ?? ['', 'info' as const])[1] as IconName;

function Found({ text }: { text: string }) {
  const { engine, words: w } = useApp();
  const found = engine.find(text).filter((one) => one.kind !== 'situation' && !one.ended && !one.merged);
  return (
    <>
      <p role="status" class="quiet">
        {w.form.found(found.length)}
      </p>
      {found.length > 0 && (
        <ul class="rows">
          {found.slice(0, MOST).map((one) => (
            <Row
              key={one.id}
              href={pageOf(one)}
              icon={iconOf(one.kind)}
              title={one.name}
              about={
                one.kind === 'person'
                  ? homes(engine, one.id)
                      .map((home) => home.record.name)
                      .join(w.common.comma)
                  : String(one.values['address'] ?? '')
              }
            />
          ))}
        </ul>
      )}
      {found.length > MOST && <p class="quiet">{w.households.narrow(MOST)}</p>}
      {!found.length && <Empty icon="search">{w.households.notFound}</Empty>}
    </>
  );
}
