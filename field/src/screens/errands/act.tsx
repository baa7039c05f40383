import type { ActForm, Case } from '../../engine/engine.ts';
import { said } from '../form/check.ts';
import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';

export function Act({ id, name }: { id: string; name: string }) {
  const { engine } = useApp();
  const one = engine.cases().find((other) => other.id === id);
  const act = one && engine.forms().services[one.service]?.acts[name];
  return one && act ? <ActPage one={one} name={name} act={act} /> : <Missing up={href('errands')} />;
}

/** One step of a case: its form as the office declares it, photos, money, both signatures. */
function ActPage({ one, name, act }: { one: Case; name: string; act: ActForm }) {
  const { words: w } = useApp();
  const say = useSay();
  const form = useForm({ key: `act/${one.id}/${name}`, fields: act.fields });
  const send = () =>
    void say(form, { kind: 'act', subject: one.id, data: { case: one.id, act: name, form: said(form.values) }, files: form.files }, () =>
      back(href('case', one.id)),
    );
  return (
    <Page
      title={act.label}
      up={href('case', one.id)}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.errands.do(act.label)}
        </button>
      }
    >
      <p class="lead">{one.title}</p>
      <TakenUp form={form} />
      <FaultList form={form} />
      {act.fields.length ? (
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          <Fields form={form} />
        </form>
      ) : (
        <p>{w.errands.nothingAsked}</p>
      )}
    </Page>
  );
}
