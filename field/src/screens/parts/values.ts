import type { Field } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';
import { isEmpty } from '../form/check.ts';

/** An answer as a person reads it. */
export function valueText(field: Field, value: unknown, w: Words, day: (value: string) => string): string {
  if (isEmpty(value)) return w.common.notSaid;
  const label = (one: unknown) => field.choices.find(([code]) => code === String(one))?.[1] ?? String(one);
  switch (field.type) {
    case 'choice':
      return label(value);
    case 'choices':
      return (value as unknown[]).map(label).join(w.common.comma);
    case 'yesno':
      return value === true ? w.common.yes : w.common.no;
    case 'date':
      return day(String(value));
    case 'money':
      return `${value} ${w.form.yuan}`;
    case 'place':
      return w.place.picked;
    default:
      return String(value);
  }
}
