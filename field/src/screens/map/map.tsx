import { useMemo, useState } from 'preact/hooks';
import type { Engine } from '../../engine/engine.ts';
import { CaseRow } from '../errands/cases.tsx';
import { Chip } from '../form/choice.tsx';
import { HomeRow, RoomRow } from '../households/home-row.tsx';
import { buildings, dueTone } from '../households/known.ts';
import { MapView } from '../parts/map.tsx';
import type { Spot } from '../parts/map-drawing.ts';
import { Empty, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';

const NEAR = 0.00012; // degrees, some ten metres: what lies so near to a touched spot is listed with it

/** The own grid: what is due and where; the same as a list beside it. */
export function MapPage() {
  const app = useApp();
  const { engine, words: w } = app;
  const [onlyDue, setOnlyDue] = useState(true);
  const [chosen, setChosen] = useState<string | null>(null);
  const all = useMemo(() => spots(engine), [app]);
  const shown = onlyDue ? all.filter((one) => one.look !== 'later' && one.look !== 'done') : all;
  const grids = engine
    .map()
    .grids.features.map((one) => String(one.properties?.['name'] ?? ''))
    .filter(Boolean);
  return (
    <Page title={w.map.title} wide>
      <div class="map-page">
        <div>
          <fieldset class="chips">
            <legend class="unseen">{w.households.show}</legend>
            <Chip type="radio" name="shown" label={w.map.due} checked={onlyDue} onPick={() => setOnlyDue(true)} />
            <Chip type="radio" name="shown" label={w.map.all} checked={!onlyDue} onPick={() => setOnlyDue(false)} />
          </fieldset>
          <MapView
            data={engine.map()}
            spots={shown}
            label={w.map.label(grids.join(w.common.comma))}
            onSpot={setChosen}
            onPick={() => setChosen(null)}
            tall
          />
          <ul class="legend">
            {(['late', 'due', 'done', 'later', 'case'] as const).map((look) => (
              <li key={look}>
                <i class={`dot dot-${look}`} />
                {w.map.legend[look]}
              </li>
            ))}
          </ul>
        </div>
        <div aria-live="polite">{chosen ? <Here spot={all.find((one) => one.id === chosen)} /> : <Listed shown={shown} />}</div>
      </div>
    </Page>
  );
}

function spots(engine: Engine): Spot[] {
  const planned = new Map((engine.plan()?.households ?? []).map((one) => [one.dwelling, one]));
  const homes = engine.households().flatMap((one) => {
    const record = engine.record(one.dwelling);
    const visit = planned.get(one.dwelling);
    return record?.at && !record.ended
      ? [{ id: one.dwelling, name: record.name, at: record.at, look: dueTone(visit?.due ?? one.due, visit?.outcome) }]
      : [];
  });
  const cases = engine.cases().flatMap((one) => (one.at ? [{ id: one.id, name: one.title, at: one.at, look: 'case' as const }] : []));
  return [...homes, ...cases];
}

/** What stands at the touched spot: a house has many rooms. */
function Here({ spot }: { spot: Spot | undefined }) {
  const { engine, words: w } = useApp();
  if (!spot) return null;
  const near = (at: Spot['at'] | null) => at !== null && Math.abs(at[0] - spot.at[0]) < NEAR && Math.abs(at[1] - spot.at[1]) < NEAR;
  const groups = buildings(
    engine,
    engine.records('dwelling').filter((one) => near(one.at)),
  );
  const cases = engine.cases().filter((one) => near(one.at));
  return (
    <>
      {groups.map((group) => (
        <Section key={group.name} title={group.name}>
          <ul class="rows">
            {group.homes.map((home) => (
              <RoomRow key={home.dwelling.id} home={home} />
            ))}
          </ul>
        </Section>
      ))}
      {cases.length > 0 && (
        <Section title={w.today.inHand}>
          <ul class="rows">
            {cases.map((one) => (
              <CaseRow key={one.id} one={one} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Listed({ shown }: { shown: Spot[] }) {
  const { engine, words: w } = useApp();
  const ids = new Set(shown.map((one) => one.id));
  const visits = (engine.plan()?.households ?? []).filter((one) => !one.outcome && ids.has(one.dwelling));
  if (!visits.length) return <Empty icon="check">{w.map.nothingDue}</Empty>;
  return (
    <Section title={w.map.list(visits.length)}>
      <ul class="rows">
        {visits.map((one) => (
          <HomeRow key={one.dwelling} visit={one} />
        ))}
      </ul>
    </Section>
  );
}
