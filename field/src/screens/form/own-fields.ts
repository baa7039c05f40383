import type { Field, Forms } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';

// Questions that belong to an operation itself, beside those the office declares.

const field = (name: string, label: string, type: Field['type'], more: Partial<Field> = {}): Field => ({
  name,
  label,
  type,
  help: '',
  required: true,
  choices: [],
  longest: null,
  ...more,
});

export const dateField = (name: string, label: string, help = ''): Field => field(name, label, 'date', { help });
export const wordsField = (name: string, label: string, longest: number): Field => field(name, label, 'words', { longest });
export const choiceField = (name: string, label: string, choices: [string, string][], help = ''): Field =>
  field(name, label, 'choice', { choices, help });
export const optional = (one: Field): Field => ({ ...one, required: false });

/** Every fact has a source and a day. The names can not meet those of a kind's own fields. */
export const SOURCE = 'said_source';
export const ON = 'said_on';

export function sourceFields(forms: Forms, w: Words): Field[] {
  return [choiceField(SOURCE, w.record.source, Object.entries(forms.sources)), dateField(ON, w.record.seenOn)];
}
