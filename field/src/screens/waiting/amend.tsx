import { useEffect, useState } from 'preact/hooks';
import { type Draft, Trouble, type Values, type Waiting } from '../../engine/engine.ts';
import { said } from '../form/check.ts';
import { FaultList, Fields } from '../form/fields.tsx';
import { useForm } from '../form/use-form.ts';
import { Note } from '../parts/rows.tsx';
import { answered, asked } from '../report/presets.ts';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';
import { answersOf, fieldsOf, withAnswers } from './fields-of.ts';

export function Amend({ id }: { id: string }) {
  const { engine, words: w } = useApp();
  const [draft, setDraft] = useState<Draft | null>(null);
  const one = engine.waiting().find((other) => other.id === id);
  useEffect(() => {
    if (one) void engine.edit(id).then(setDraft);
  }, [engine, id]);
  if (!one) return <Missing up={href('waiting')} />;
  if (!draft)
    return (
      <Page title={w.waiting.amend} up={href('waiting')}>
        <p role="status">{w.waiting.opening}</p>
      </Page>
    );
  return <AmendForm one={one} draft={draft} />;
}

/** What the office did not take, with its reasons beside the fields; said anew it takes the place of the old. */
function AmendForm({ one, draft }: { one: Waiting; draft: Draft }) {
  const { engine, words: w } = useApp();
  const declared = fieldsOf(engine.forms(), one.kind, one.data, engine.record(one.subject)?.kind);
  const { first, more } = asked(declared);
  const fields = [...first, ...more].map((field) => (field.name === 'place' && !field.label ? { ...field, label: w.place.label } : field));
  const form = useForm({ key: `amend/${one.id}`, fields, initial: placed(answersOf(draft)), files: draft.files ?? [], faults: one.errors });
  const send = async () => {
    if (!form.check()) return;
    try {
      const answers = draft.kind === 'change' ? form.values : answered(declared, said(form.values));
      await engine.sayInstead(one.id, { ...withAnswers(draft, answers), files: form.files });
      await form.done();
      announce(engine.online ? w.form.kept : w.form.keptOffline);
      back(href('waiting'));
    } catch (error) {
      announce(w.trouble[error instanceof Trouble ? error.code : 'storage']);
    }
  };
  return (
    <Page
      title={w.waiting.amend}
      up={href('waiting')}
      acts={
        <button type="button" class="button button-main" onClick={() => void send()}>
          {w.form.save}
        </button>
      }
    >
      <p class="lead">
        {w.waiting.kinds[one.kind]}
        {one.about && ` · ${one.about}`}
      </p>
      {one.sentence && (
        <Note tone="late" icon="alert">
          {one.sentence}
        </Note>
      )}
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} />
      </form>
    </Page>
  );
}

/** Longitude and latitude, as an opening form has them, are one place on the screen. */
function placed(answers: Values): Values {
  const { lon, lat } = answers;
  return typeof lon === 'number' && typeof lat === 'number' ? { ...answers, place: { lon, lat } } : answers;
}
