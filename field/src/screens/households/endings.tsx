import type { Field, Rec } from '../../engine/engine.ts';
import { Fields } from '../form/fields.tsx';
import { dateField, wordsField } from '../form/own-fields.ts';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useApp } from '../shell/context.ts';
import { today } from '../shell/times.ts';
import type { Tied } from './known.ts';

/** Somebody moved out, a shop closed: the tie ends on a day and stays in the history. */
export function EndTie({ tied, onClose }: { tied: Tied; onClose: () => void }) {
  const { words: w } = useApp();
  const say = useSay();
  const form = useForm({ key: `untie/${tied.tie.id}`, fields: [dateField('until', w.record.until)], initial: { until: today() } });
  const send = () => say(form, { kind: 'untie', subject: tied.tie.id, data: { until: String(form.values['until']) } }, onClose);
  return (
    <Ending
      title={w.record.endTieOf(tied.record.name)}
      fields={form.fields}
      form={form}
      yes={w.record.endTie}
      onYes={send}
      onClose={onClose}
    />
  );
}

/** A record ends: it leaves the lists, its history stays. */
export function EndRecord({ record, onClose }: { record: Rec; onClose: () => void }) {
  const { words: w } = useApp();
  const say = useSay();
  const fields: Field[] = [dateField('on', w.record.on), wordsField('reason', w.record.reason, 300)];
  const form = useForm({ key: `end/${record.id}`, fields, initial: { on: today() } });
  const send = () =>
    say(
      form,
      { kind: 'end', subject: record.id, data: { on: String(form.values['on']), reason: String(form.values['reason']).trim() } },
      onClose,
    );
  return <Ending title={w.record.endOf(record.name)} fields={fields} form={form} yes={w.record.end} onYes={send} onClose={onClose} />;
}

interface Props {
  title: string;
  fields: Field[];
  form: ReturnType<typeof useForm>;
  yes: string;
  onYes: () => void;
  onClose: () => void;
}

function Ending({ title, fields, form, yes, onYes, onClose }: Props) {
  const { words: w } = useApp();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{w.record.endHow}</p>
      <div class="form">
        <Fields form={form} fields={fields} />
      </div>
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {w.common.cancel}
        </button>
        <button type="button" class="button button-grave" onClick={onYes}>
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
