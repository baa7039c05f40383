import type { Field, Rec, Values } from '../../engine/engine.ts';

/** Only what is different now; what was emptied is told as empty. */
export function changed(fields: Field[], record: Pick<Rec, 'values'>, values: Values): Values {
  const set: Values = {};
  for (const { name, sealed } of fields) {
    const value = typeof values[name] === 'string' ? (values[name] as string).trim() : values[name];
    if (sealed ? value : (value ?? '') !== (record.values[name] ?? '')) set[name] = value;
  }
  return set;
}
