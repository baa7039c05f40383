import type { Attached, Field, Values } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';

export type Faults = Record<string, string[]>;

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const IS_FILE = new Set(['photos', 'signature']);

/** What the phone can tell by itself; the office checks the rest and its word comes back to the same field. */
export function faultsOf(fields: Field[], values: Values, files: Attached[], w: Words): Faults {
  const faults: Faults = {};
  for (const field of fields) {
    const fault = IS_FILE.has(field.type) ? fileFault(field, files, w) : valueFault(field, values[field.name], w);
    if (fault) faults[field.name] = [fault];
  }
  return faults;
}

function fileFault(field: Field, files: Attached[], w: Words): string | null {
  const missing = field.required && !files.some((one) => one.field === field.name);
  if (!missing) return null;
  return field.type === 'signature' ? w.fault.signature : w.fault.photo;
}

function valueFault(field: Field, value: unknown, w: Words): string | null {
  if (isEmpty(value)) return field.required ? w.fault.required : null;
  const text = String(value);
  if (field.longest && text.length > field.longest) return w.fault.longest(field.longest, text.length);
  if (field.type === 'number' && !/^-?\d+(\.\d+)?$/.test(text)) return w.fault.number;
  if (field.type === 'money' && !/^\d+(\.\d{1,2})?$/.test(text)) return w.fault.money;
  if (field.type === 'date' && Number.isNaN(Date.parse(text))) return w.fault.date;
  if (field.type === 'phone' && !/^\+?[\d\s-]{7,20}$/.test(text)) return w.fault.phone;
  return null;
}

/** What is said: empty answers are left out, spaces around words too. */
export function said(values: Values): Values {
  const kept = Object.entries(values).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]));
}
