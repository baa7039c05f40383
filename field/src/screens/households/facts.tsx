import type { Proposal, Rec } from '../../engine/engine.ts';
import { isEmpty } from '../form/check.ts';
import { Icon } from '../parts/icon.tsx';
import { Facts, Note, Section } from '../parts/rows.tsx';
import { valueText } from '../parts/values.ts';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { Reveal } from './reveal.tsx';

/** What is known of a record: sealed fields masked, what the office will decide marked. */
export function KnownFacts({ record }: { record: Rec }) {
  const { engine, words: w } = useApp();
  const { day } = useTimes();
  const fields = engine.forms().kinds[record.kind]?.fields ?? [];
  const label = (name: string) => fields.find((one) => one.name === name)?.label ?? name;
  const proposals = engine.proposals().filter((one) => one.record === record.id);
  const sealed = fields.filter((one) => one.sealed && record.values[one.name]);
  return (
    <Section
      title={w.record.facts}
      aside={
        !record.ended && (
          <a href={href('edit', record.id)}>
            <Icon name="edit" />
            {w.record.edit}
          </a>
        )
      }
    >
      {record.disputed.length > 0 && (
        <Note tone="near" icon="alert">
          {w.record.disputed(record.disputed.map(label).join(w.common.comma))}
        </Note>
      )}
      {proposals.map((one) => (
        <Decision key={one.id} one={one} fields={Object.keys(one.values).map(label).join(w.common.comma)} />
      ))}
      <div class="card">
        <Facts
          facts={fields
            .filter((one) => one.type !== 'hidden')
            .map((one) => [
              one.label,
              isEmpty(record.values[one.name]) ? (
                <span class="quiet">{w.common.notSaid}</span>
              ) : (
                valueText(one, record.values[one.name], w, day)
              ),
            ])}
        />
        {sealed.length > 0 && <Reveal record={record} fields={sealed} />}
      </div>
    </Section>
  );
}

/** What this worker said and somebody else decides, or has decided lately. */
function Decision({ one, fields }: { one: Proposal; fields: string }) {
  const { words: w } = useApp();
  if (one.state === 'taken')
    return (
      <Note tone="good" icon="check">
        {w.record.taken(fields)}
      </Note>
    );
  if (one.state === 'left') return <Note tone="calm">{w.record.left(fields)}</Note>;
  return (
    <Note tone="near" icon="clock">
      {w.record.proposed(fields)} {one.why}
    </Note>
  );
}
