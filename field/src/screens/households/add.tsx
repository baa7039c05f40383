import type { Draft, Engine, Field, Id, Rec, Values } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';
import { said } from '../form/check.ts';
import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { choiceField, ON, SOURCE, sourceFields } from '../form/own-fields.ts';
import { useForm } from '../form/use-form.ts';
import { useSay } from '../form/use-say.ts';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href, type Route } from '../shell/route.ts';
import { today } from '../shell/times.ts';
import { pageOf } from './list.tsx';
import { KEYS, Twins } from './twins.tsx';

const TIE = 'said_tie';
const GRID = 'said_grid';

/** A new person, need, dwelling: with its source, and tied to what it was begun from. */
export function Add({ kind, route }: { kind: string; route: Route }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const of = engine.record(route.query.get('of') ?? '');
  const declared = engine.forms().kinds[kind];
  const ties = of ? tieChoices(engine, kind, of) : [];
  const own = declared?.fields ?? [];
  const form = useForm({
    key: `add/${kind}/${of?.id ?? ''}`,
    fields: [...extra(engine, of, ties, w), ...own, ...sourceFields(engine.forms(), w)],
    initial: {
      [TIE]: ties[0]?.[0] ?? '',
      [GRID]: of?.grid ?? engine.grids()[0] ?? '',
      [ON]: today(),
      ...(kind === 'situation' && { since: today() }),
    },
  });
  const send = () =>
    void say(
      form,
      () => recordDraft(kind, own, form.values),
      async (id) => {
        if (of && form.values[TIE]) await engine.say(tieDraft(form.values, id, of));
        back(of ? pageOf(of) : href('dwelling', id));
      },
    );
  const split = form.fields.findIndex((one) => KEYS.includes(one.name)) + 1; // the hint stands where the name is typed
  const title = w.record.add(declared?.label ?? kind);
  return (
    <Page
      title={title}
      up={of ? pageOf(of) : href('households')}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.form.save}
        </button>
      }
    >
      {of && <p class="quiet">{w.record.addTo(of.name)}</p>}
      <TakenUp form={form} />
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} fields={form.fields.slice(0, split)} />
        {split > 0 && <Twins kind={kind} values={form.values} />}
        <Fields form={form} fields={form.fields.slice(split)} />
      </form>
    </Page>
  );
}

function extra(engine: Engine, of: Rec | null, ties: [string, string][], w: Words): Field[] {
  const grids = engine.grids();
  return [
    ...(ties.length > 1 ? [choiceField(TIE, w.record.tieTo(of!.name), ties)] : []),
    ...(!of && grids.length > 1
      ? [
          choiceField(
            GRID,
            w.record.grid,
            grids.map((one) => [one, one]),
          ),
        ]
      : []),
  ];
}

/** How a new record of this kind may be tied to the one it was begun from; the commonest first. */
function tieChoices(engine: Engine, kind: string, of: Rec): [string, string][] {
  return Object.entries(engine.forms().ties)
    .filter(([, tie]) => tie.subject.includes(kind) && tie.object.includes(of.kind))
    .map(([code, tie]) => [code, tie.label]);
}

function recordDraft(kind: string, own: Field[], values: Values): Draft {
  const names = new Set(own.map((one) => one.name));
  const answers = said(Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name))));
  return {
    kind: 'record',
    data: { kind, values: answers, grid: String(values[GRID] ?? ''), source: String(values[SOURCE]), on: String(values[ON]) },
  };
}

function tieDraft(values: Values, subject: Id, of: Rec): Draft {
  return {
    kind: 'tie',
    data: { kind: String(values[TIE]), subject, object: of.id, since: String(values[ON]), source: String(values[SOURCE]) },
  };
}
