import { useState } from 'preact/hooks';
import type { Rec } from '../../engine/engine.ts';
import { Due, Unsent } from '../parts/due.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Facts, Note, Pill, Row, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { AddMenu } from './add-menu.tsx';
import { KnownFacts } from './facts.tsx';
import { residents, situations, tied, whyWords } from './known.ts';
import { iconOf, pageOf } from './list.tsx';
import { SituationList } from './situations.tsx';

export function Dwelling({ id }: { id: string }) {
  const { engine, words: w } = useApp();
  const [adding, setAdding] = useState(false);
  const dwelling = engine.record(id);
  if (!dwelling) return <Missing up={href('households')} />;
  const acts = (
    <>
      <button type="button" class="button" onClick={() => setAdding(true)}>
        <Icon name="plus" />
        {w.households.add}
      </button>
      {!dwelling.ended && (
        <a class="button button-main" href={href('visit', id)}>
          <Icon name="today" />
          {w.visit.begin}
        </a>
      )}
    </>
  );
  return (
    <Page title={dwelling.name} up={href('households')} acts={acts}>
      <Visiting dwelling={dwelling} />
      <Residents dwelling={dwelling} />
      <SituationList
        of={id}
        found={[...situations(engine, id), ...residents(engine, id).flatMap((one) => situations(engine, one.record.id))]}
      />
      <Others dwelling={dwelling} />
      <KnownFacts record={dwelling} />
      {adding && <AddMenu record={dwelling} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Visiting({ dwelling }: { dwelling: Rec }) {
  const { engine, words: w } = useApp();
  const { day } = useTimes();
  const planned = engine.plan()?.households.find((one) => one.dwelling === dwelling.id);
  const household = engine.households().find((one) => one.dwelling === dwelling.id);
  const last = household?.last ?? planned?.last;
  const due = planned?.due ?? household?.due ?? null;
  const why = planned?.why || household?.why;
  const tried: [string, string][] =
    household?.tried && household.outcome && household.outcome !== 'done'
      ? [[w.households.lastTry, w.households.tried(w.visit.outcome[household.outcome], day(household.tried))]]
      : [];
  if (dwelling.ended) return <Note tone="near">{w.record.ended(day(dwelling.ended))}</Note>;
  return (
    <div class="card">
      <p class="row-pills">
        <Due due={due} outcome={planned?.outcome ?? null} />
        {planned && <Pill tone="calm">{w.households.inPlan}</Pill>}
        <Unsent ids={[...dwelling.unsent, ...(household?.unsent ?? [])]} />
      </p>
      <Facts
        facts={[
          [w.households.lastVisit, last ? day(last) : w.households.neverVisited],
          ...tried,
          [w.households.why, why ? whyWords(engine, why, w) : w.common.notSaid],
        ]}
      />
    </div>
  );
}

function Residents({ dwelling }: { dwelling: Rec }) {
  const { engine, words: w } = useApp();
  const all = residents(engine, dwelling.id);
  return (
    <Section
      title={w.households.residents}
      aside={
        <a href={href('add', 'person', { of: dwelling.id })}>
          <Icon name="plus" />
          {w.households.addPerson}
        </a>
      }
    >
      {all.length ? (
        <ul class="rows">
          {all.map(({ record, tie }) => (
            <Row
              key={record.id}
              icon="user"
              href={pageOf(record)}
              title={record.name}
              about={String(record.values['phone'] ?? '') || w.record.noPhone}
              pills={
                <>
                  {situations(engine, record.id).map((one) => (
                    <Pill key={one.record.id} tone="calm">
                      {one.record.name}
                    </Pill>
                  ))}
                  <Unsent ids={[...record.unsent, ...tie.unsent]} />
                </>
              }
            />
          ))}
        </ul>
      ) : (
        <Empty icon="users">{w.households.nobodyYet}</Empty>
      )}
    </Section>
  );
}

/** Owners, tenants, shops inside. */
function Others({ dwelling }: { dwelling: Rec }) {
  const { engine, words: w } = useApp();
  const ties = engine.forms().ties;
  const others = tied(engine, dwelling.id, 'object').filter(({ tie }) => tie.kind !== 'lives_in' && tie.kind !== 'concerns');
  if (!others.length) return null;
  return (
    <Section title={w.record.ties}>
      <ul class="rows">
        {others.map(({ tie, record }) => (
          <Row
            key={tie.id}
            icon={iconOf(record.kind)}
            href={pageOf(record)}
            title={record.name}
            about={ties[tie.kind]?.label}
            pills={<Unsent ids={tie.unsent} />}
          />
        ))}
      </ul>
    </Section>
  );
}
