import type { Field, Rec, Values } from '../../engine/engine.ts';
import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { ON, SOURCE, sourceFields } from '../form/own-fields.ts';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';
import { today } from '../shell/times.ts';
import { changed } from './changed.ts';
import { pageOf } from './list.tsx';

export function Edit({ id }: { id: string }) {
  const { engine } = useApp();
  const record = engine.record(id);
  return record ? <EditForm record={record} /> : <Missing up={href('households')} />;
}

function EditForm({ record }: { record: Rec }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const own = (engine.forms().kinds[record.kind]?.fields ?? []).map((one) => asked(one, record, w.record.keepSealed));
  const form = useForm({
    key: `change/${record.id}`,
    fields: [...own, ...sourceFields(engine.forms(), w)],
    initial: { ...open(own, record), [ON]: today() },
  });
  const send = () => {
    const set = changed(own, record, form.values);
    if (!Object.keys(set).length) return announce(w.record.unchanged);
    void say(
      form,
      { kind: 'change', subject: record.id, data: { set, source: String(form.values[SOURCE]), on: String(form.values[ON]) } },
      () => back(pageOf(record)),
    );
  };
  return (
    <Page
      title={w.record.editOf(record.name)}
      up={pageOf(record)}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.form.save}
        </button>
      }
    >
      <TakenUp form={form} />
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} />
      </form>
    </Page>
  );
}

/** A sealed field is asked for anew and not shown: left empty, it stays as it is. */
function asked(field: Field, record: Rec, keep: (masked: string) => string): Field {
  const now = record.values[field.name];
  return field.sealed && now ? { ...field, required: false, help: keep(String(now)) } : field;
}

function open(fields: Field[], record: Rec): Values {
  return Object.fromEntries(fields.filter((one) => !one.sealed).map((one) => [one.name, record.values[one.name] ?? '']));
}
