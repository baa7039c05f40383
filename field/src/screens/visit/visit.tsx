import { useState } from 'preact/hooks';
import { type Field, type Outcome, type Place, type Rec, Trouble } from '../../engine/engine.ts';
import { said } from '../form/check.ts';
import { Chip } from '../form/choice.tsx';
import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { Icon } from '../parts/icon.tsx';
import { Note } from '../parts/rows.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';
import { ChildLink } from '../report/child-link.tsx';
import { TieIns } from './tie-ins.tsx';

const OUTCOME = 'outcome';
const OUTCOMES: Outcome[] = ['done', 'absent', 'refused'];
// Where nobody was met there is nothing to ask but these.
const NOT_MET = new Set(['note', 'photos', 'next_on']);

export function Visit({ id }: { id: string }) {
  const { engine } = useApp();
  const dwelling = engine.record(id);
  return dwelling ? <VisitForm dwelling={dwelling} /> : <Missing up={href('households')} />;
}

function VisitForm({ dwelling }: { dwelling: Rec }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const [reading, setReading] = useState(false);
  const [withPlace, setWithPlace] = useState(true);
  const all = engine.forms().operations['visit']?.fields ?? [];
  const asked: Field = { name: OUTCOME, label: w.visit.asked, type: 'choice', required: true, help: '', choices: [], longest: null };
  const form = useForm({
    key: `visit/${dwelling.id}`,
    fields: [asked, ...all.filter((one) => one.name !== OUTCOME && one.type !== 'place')],
  });
  const outcome = form.values[OUTCOME] as Outcome | undefined;
  const shown = form.fields.slice(1).filter((one) => outcome === 'done' || NOT_MET.has(one.name));
  const draft = async () => {
    setReading(withPlace);
    const place = withPlace ? await placeOrNull(engine.whereAmI(), w.visit.noPlace) : null;
    setReading(false);
    const names = new Set(shown.map((one) => one.name));
    const answers = said(Object.fromEntries(Object.entries(form.values).filter(([name]) => names.has(name))));
    return {
      kind: 'visit' as const,
      data: { dwelling: dwelling.id, outcome: outcome!, answers, place },
      files: form.files.filter((one) => names.has(one.field)),
    };
  };
  const save = () =>
    void say({ ...form, check: () => form.check([asked, ...(outcome ? shown : [])]) }, draft, () => back(href('dwelling', dwelling.id)));
  const acts = (
    <button type="button" class="button button-main" aria-disabled={reading ? 'true' : undefined} onClick={() => !reading && save()}>
      {reading ? w.place.reading : w.visit.save}
    </button>
  );
  return (
    <Page title={w.visit.title} up={href('dwelling', dwelling.id)} acts={acts}>
      <p class="lead">{dwelling.name}</p>
      <TakenUp form={form} />
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <OutcomeField form={form} />
        {outcome && <Fields form={form} fields={shown} />}
      </form>
      {outcome === 'done' && <TieIns dwelling={dwelling.id} />}
      {outcome && (
        <Note tone="calm" icon="pin">
          <p>{w.visit.whyPlace}</p>
          <Chip type="checkbox" name="place" label={w.visit.withPlace} checked={withPlace} onPick={() => setWithPlace(!withPlace)} />
        </Note>
      )}
      {outcome === 'done' && <ChildLink />}
    </Page>
  );
}

/** The place is worth having, the visit is worth more: it is kept without one too. */
async function placeOrNull(asked: Promise<Place>, sentence: string): Promise<Place | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Trouble) announce(sentence);
    return null;
  }
}

function OutcomeField({ form }: { form: ReturnType<typeof useForm> }) {
  const { words: w } = useApp();
  const fault = form.faults[OUTCOME];
  return (
    <fieldset class="field" id={`${form.id}-${OUTCOME}`}>
      <legend class="field-label">
        {w.visit.asked}
        <span class="field-required"> {w.form.required}</span>
      </legend>
      <div class="thirds">
        {OUTCOMES.map((one) => (
          <Chip
            key={one}
            type="radio"
            name={OUTCOME}
            label={w.visit.outcome[one]}
            checked={form.values[OUTCOME] === one}
            onPick={() => form.set(OUTCOME, one)}
          />
        ))}
      </div>
      {fault && (
        <p class="field-fault">
          <Icon name="alert" />
          {fault.join(' ')}
        </p>
      )}
    </fieldset>
  );
}
