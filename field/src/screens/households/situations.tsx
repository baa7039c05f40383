import { Icon } from '../parts/icon.tsx';
import { Pill, Row, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { daysTo, useTimes } from '../shell/times.ts';
import type { Tied } from './known.ts';
import { pageOf } from './list.tsx';

/** Needs and dangers, each with the day it ends: a need is never a label for good. */
export function SituationList({ of, found }: { of: string; found: Tied[] }) {
  const { engine, words: w } = useApp();
  const { day } = useTimes();
  const once = [...new Map(found.map((one) => [one.record.id, one])).values()];
  return (
    <Section
      title={w.record.needs}
      aside={
        <a href={href('add', 'situation', { of })}>
          <Icon name="plus" />
          {w.record.addNeed}
        </a>
      }
    >
      {once.length ? (
        <ul class="rows">
          {once.map(({ record, tie }) => {
            const until = String(record.values['until'] ?? '');
            const about = engine.record(tie.object);
            return (
              <Row
                key={record.id}
                icon="heart"
                href={pageOf(record)}
                title={record.name}
                about={about && about.id !== of ? about.name : undefined}
                pills={
                  until && (
                    <Pill tone={daysTo(until) < 0 ? 'late' : daysTo(until) < 30 ? 'near' : 'none'}>
                      {daysTo(until) < 0 ? w.record.needOver(day(until)) : w.record.needUntil(day(until))}
                    </Pill>
                  )
                }
              />
            );
          })}
        </ul>
      ) : (
        <p class="quiet">{w.record.noNeeds}</p>
      )}
    </Section>
  );
}
