import type { PlannedVisit } from '../../engine/engine.ts';
import { Due, Unsent } from '../parts/due.tsx';
import { Row } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { type Home, residents, whyWords } from './known.ts';

/** A household of the week's plan: where, who, when due and why. */
export function HomeRow({ visit }: { visit: PlannedVisit }) {
  const { engine, words: w } = useApp();
  const names = residents(engine, visit.dwelling)
    .map((one) => one.record.name)
    .join(w.common.comma);
  return (
    <Row
      href={href('dwelling', visit.dwelling)}
      icon="home"
      title={visit.name}
      about={names || w.households.nobody}
      pills={
        <>
          <Due due={visit.due} outcome={visit.outcome} />
          {visit.why && <span class="pill">{whyWords(engine, visit.why, w)}</span>}
        </>
      }
    />
  );
}

/** A dwelling inside its building: room first. */
export function RoomRow({ home }: { home: Home }) {
  const { words: w } = useApp();
  const { day } = useTimes();
  const last = home.household?.last;
  return (
    <Row
      href={href('dwelling', home.dwelling.id)}
      title={
        <>
          {home.room} <span class="row-names">{home.names.join(w.common.comma) || w.households.nobody}</span>
        </>
      }
      about={last ? w.households.last(day(last)) : w.households.neverVisited}
      pills={
        <>
          <Due due={home.planned?.due ?? home.household?.due ?? null} outcome={home.planned?.outcome ?? null} />
          <Unsent ids={home.dwelling.unsent} />
        </>
      }
    />
  );
}
