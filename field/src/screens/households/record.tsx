import { useState } from 'preact/hooks';
import type { Rec } from '../../engine/engine.ts';
import { Unsent } from '../parts/due.tsx';
import { Icon } from '../parts/icon.tsx';
import { Note, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { AddMenu } from './add-menu.tsx';
import { EndRecord, EndTie } from './endings.tsx';
import { KnownFacts } from './facts.tsx';
import { homes, situations, tied, type Tied } from './known.ts';
import { iconOf, pageOf } from './list.tsx';
import { SituationList } from './situations.tsx';

/** A person, an organisation, a place, a situation: what is known, to whom and what it is tied. */
export function RecordPage({ id }: { id: string }) {
  const { engine, words: w } = useApp();
  const { day } = useTimes();
  const [asked, setAsked] = useState<'add' | 'end' | null>(null);
  const record = engine.record(id);
  if (!record) return <Missing up={href('households')} />;
  const home = homes(engine, id)[0];
  const acts = record.ended ? undefined : (
    <>
      <button type="button" class="button" onClick={() => setAsked('add')}>
        <Icon name="plus" />
        {w.households.add}
      </button>
      <a class="button button-main" href={href('edit', id)}>
        <Icon name="edit" />
        {w.record.edit}
      </a>
    </>
  );
  return (
    <Page title={record.name} up={home ? pageOf(home.record) : href('households')} acts={acts}>
      {record.ended && <Note tone="near">{w.record.ended(day(record.ended))}</Note>}
      <Unsent ids={record.unsent} />
      <KnownFacts record={record} />
      {record.kind !== 'situation' && <SituationList of={id} found={situations(engine, id)} />}
      <Ties record={record} />
      {!record.ended && (
        <button type="button" class="button button-grave-quiet button-wide" onClick={() => setAsked('end')}>
          {w.record.end}
        </button>
      )}
      {asked === 'add' && <AddMenu record={record} onClose={() => setAsked(null)} />}
      {asked === 'end' && <EndRecord record={record} onClose={() => setAsked(null)} />}
    </Page>
  );
}

function Ties({ record }: { record: Rec }) {
  const { engine, words: w } = useApp();
  const [ending, setEnding] = useState<Tied | null>(null);
  const kinds = engine.forms().ties;
  const all = [
    ...tied(engine, record.id, 'subject').map((one) => ({ ...one, words: kinds[one.tie.kind]?.label })),
    ...tied(engine, record.id, 'object')
      .filter(({ tie }) => tie.kind !== 'concerns')
      .map((one) => ({ ...one, words: kinds[one.tie.kind]?.back })),
  ];
  return (
    <Section
      title={w.record.ties}
      aside={
        <a href={href('tie', record.id)}>
          <Icon name="plus" />
          {w.record.addTie}
        </a>
      }
    >
      {all.length ? (
        <ul class="rows">
          {all.map((one) => (
            <li key={one.tie.id} class="row-split">
              <a class="row" href={pageOf(one.record)}>
                <Icon name={iconOf(one.record.kind)} />
                <span class="row-main">
                  <span class="row-about">{one.words}</span>
                  <span class="row-title">{one.record.name}</span>
                  <Unsent ids={one.tie.unsent} />
                </span>
              </a>
              <button
                type="button"
                class="button button-plain"
                aria-label={w.record.endTieOf(one.record.name)}
                onClick={() => setEnding(one)}
              >
                {w.record.endTie}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{w.record.noTies}</p>
      )}
      {ending && <EndTie tied={ending} onClose={() => setEnding(null)} />}
    </Section>
  );
}
