import type { Draft, Engine, Rec, Values } from '../../engine/engine.ts';
import { isEmpty, said } from '../form/check.ts';
import { type FormState, useForm } from '../form/use-form.ts';
import { useApp } from '../shell/context.ts';
import { answered, asked, preset } from './presets.ts';

interface Options {
  key: string;
  service: string;
  sort?: string | null;
  /** What it is about: its address and place stand in the form already. */
  of: Rec | null;
  /** These are asked and no others. */
  only?: string[];
  /** It can not wait for a place: the worker's grid will do. */
  anywhere?: boolean;
}

/** The opening form of a service as the phone asks for it, and the draft of what it says. */
export function useOpening({ key, service, sort = null, of, only, anywhere = false }: Options) {
  const { engine, words: w } = useApp();
  const opening = engine.forms().services[service]?.open;
  const declared = opening?.fields ?? [];
  const { first, more } = asked(declared);
  const named = (fields: typeof first) =>
    fields
      .filter((one) => !only || only.includes(one.name))
      .map((one) => (one.type === 'place' && !one.label ? { ...one, label: w.place.label } : one));
  const form = useForm({ key, fields: [...named(first), ...named(more)], initial: { ...preset(declared, sort), ...about(of) } });
  const asks = (name: string) => declared.some((one) => one.name === name);
  const missing = (name: string) => asks(name) && isEmpty(form.values[name]);
  const draft = (urgent: Values = {}): Draft => {
    const nowhere = anywhere && missing('address') && missing('place') ? { address: gridNames(engine) } : {};
    return {
      kind: 'open',
      data: { service, form: answered(declared, said({ ...form.values, ...nowhere, ...urgent })) },
      files: form.files,
    };
  };
  const check = (): boolean => {
    if (!form.check()) return false;
    if (anywhere || !missing('place')) return true;
    if (opening?.place_required) form.blame({ place: [w.fault.point] });
    else if (missing('address')) form.blame({ address: [w.fault.where] });
    else return true;
    return false;
  };
  return { form: { ...form, check } satisfies FormState, first: named(first), more: named(more), draft };
}

function about(of: Rec | null): Values {
  if (!of) return {};
  return {
    address: of.kind === 'dwelling' ? of.name : String(of.values['address'] ?? of.name),
    ...(of.at && { place: { lon: of.at[0], lat: of.at[1] } }),
  };
}

const gridNames = (engine: Engine): string => {
  const names = engine
    .map()
    .grids.features.map((one) => String(one.properties?.['name'] ?? ''))
    .filter(Boolean);
  return [...(names.length ? names : engine.grids())].join(' / ');
};
