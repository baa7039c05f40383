import type { Case, Engine } from '../../engine/engine.ts';
import { Unsent } from '../parts/due.tsx';
import { Pill, Row } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { daysTo, dueWords } from '../shell/times.ts';

export const ERRANDS = 'errands';

/** Cases this phone holds, soonest due first. */
export function open(engine: Engine): Case[] {
  return [...engine.cases()].sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999'));
}

export function stateWords(engine: Engine, one: Case): string {
  return engine.forms().services[one.service]?.states[one.state] ?? one.state;
}

export function CaseDue({ one }: { one: Case }) {
  const { words: w } = useApp();
  if (!one.due) return null;
  const days = daysTo(one.due);
  return (
    <Pill tone={days < 0 ? 'late' : days <= 1 ? 'near' : 'none'} {...(days < 0 && { icon: 'alert' as const })}>
      {dueWords(one.due, w)}
    </Pill>
  );
}

export function CaseRow({ one }: { one: Case }) {
  const { engine } = useApp();
  return (
    <Row
      href={href('case', one.id)}
      icon={one.service === ERRANDS ? 'errand' : 'report'}
      title={one.title}
      about={one.address}
      pills={
        <>
          <Pill tone="calm">{stateWords(engine, one)}</Pill>
          <CaseDue one={one} />
          <Unsent ids={one.unsent} />
        </>
      }
    />
  );
}
