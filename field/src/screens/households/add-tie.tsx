import { useState } from 'preact/hooks';
import type { Engine, Rec } from '../../engine/engine.ts';
import { FaultList, Fields } from '../form/fields.tsx';
import { choiceField, dateField, SOURCE, sourceFields } from '../form/own-fields.ts';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { Icon } from '../parts/icon.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';
import { today } from '../shell/times.ts';
import { iconOf, pageOf } from './list.tsx';

const MOST = 12;

export function AddTie({ id }: { id: string }) {
  const { engine } = useApp();
  const record = engine.record(id);
  return record ? <TieForm record={record} /> : <Missing up={href('households')} />;
}

/** How two records belong together: which way, with whom, since when, from what source. */
function TieForm({ record }: { record: Rec }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const [other, setOther] = useState<Rec | null>(null);
  const form = useForm({
    key: `tie/${record.id}`,
    fields: [
      choiceField('way', w.record.tieTo(record.name), ways(engine, record)),
      dateField('since', w.record.since),
      ...sourceFields(engine.forms(), w).slice(0, 1),
    ],
    initial: { since: today() },
  });
  const [code = '', end = ''] = String(form.values['way'] ?? '').split(':');
  const kinds = (end === 'subject' ? engine.forms().ties[code]?.object : engine.forms().ties[code]?.subject) ?? [];
  const fitting = other && kinds.includes(other.kind) ? other : null;
  const send = () => {
    if (form.check() && !fitting) return announce(w.record.chooseOther);
    const [subject, object] = end === 'subject' ? [record.id, fitting?.id ?? ''] : [fitting?.id ?? '', record.id];
    void say(
      form,
      { kind: 'tie', data: { kind: code, subject, object, since: String(form.values['since']), source: String(form.values[SOURCE]) } },
      () => back(pageOf(record)),
    );
  };
  return (
    <Page
      title={w.record.addTie}
      up={pageOf(record)}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.form.save}
        </button>
      }
    >
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} fields={form.fields.slice(0, 1)} />
        {kinds.length > 0 && <Other kinds={kinds} besides={record.id} chosen={fitting} onChoose={setOther} />}
        <Fields form={form} fields={form.fields.slice(1)} />
      </form>
    </Page>
  );
}

function ways(engine: Engine, { kind }: Rec): [string, string][] {
  return Object.entries(engine.forms().ties).flatMap(([code, tie]) => [
    ...(tie.subject.includes(kind) ? [[`${code}:subject`, tie.label] as [string, string]] : []),
    ...(tie.object.includes(kind) && code !== 'concerns' ? [[`${code}:object`, tie.back] as [string, string]] : []),
  ]);
}

interface OtherProps {
  kinds: string[];
  besides: string;
  chosen: Rec | null;
  onChoose: (record: Rec) => void;
}

function Other({ kinds, besides, chosen, onChoose }: OtherProps) {
  const { engine, words: w } = useApp();
  const [text, setText] = useState('');
  const found = text.trim()
    ? engine
        .find(text.trim())
        .filter((one) => kinds.includes(one.kind) && one.id !== besides && !one.ended)
        .slice(0, MOST)
    : [];
  return (
    <fieldset class="field">
      <legend class="field-label">{w.record.other}</legend>
      <div class="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          value={text}
          aria-label={w.households.search}
          placeholder={w.households.search}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <p class="field-help" role="status">
        {chosen ? w.record.chosen(chosen.name) : w.record.noneChosen}
      </p>
      {found.length > 0 && (
        <ul class="rows">
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" class="row" aria-pressed={one.id === chosen?.id} onClick={() => onChoose(one)}>
                <Icon name={iconOf(one.kind)} />
                <span class="row-main">{one.name}</span>
                {one.id === chosen?.id && <Icon name="check" />}
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
