import type { ComponentChildren } from 'preact';
import type { Field } from '../../engine/engine.ts';
import { Icon } from '../parts/icon.tsx';
import { Note } from '../parts/rows.tsx';
import { useWords } from '../shell/context.ts';
import { Choice, Choices, YesNo } from './choice.tsx';
import { PhotosInput } from './photos.tsx';
import { PlaceInput } from './place.tsx';
import { SignatureInput } from './signature.tsx';
import { DateInput, MoneyInput, NumberInput, PhoneInput, TextInput, WordsInput } from './text.tsx';
import { inputId, type FormState } from './use-form.ts';

export interface ControlProps {
  form: FormState;
  field: Field;
  id: string;
  /** What `aria-describedby` must name: help and faults. */
  about: string | undefined;
  wrong: boolean;
}

const CONTROLS: Record<Field['type'], ((props: ControlProps) => ComponentChildren) | null> = {
  text: TextInput,
  phone: PhoneInput,
  words: WordsInput,
  number: NumberInput,
  money: MoneyInput,
  date: DateInput,
  choice: Choice,
  choices: Choices,
  yesno: YesNo,
  photos: PhotosInput,
  signature: SignatureInput,
  place: PlaceInput,
  hidden: null,
};

// These are several controls under one name.
const GROUPS = new Set<Field['type']>(['choice', 'choices', 'yesno', 'photos', 'signature', 'place']);

/** Declared fields, one under the other. A fault stands beside its field and in the list above. */
export function Fields({ form, fields = form.fields }: { form: FormState; fields?: Field[] }) {
  return (
    <>
      {fields.map((field) => (
        <FieldBox key={field.name} form={form} field={field} />
      ))}
    </>
  );
}

export function FieldBox({ form, field }: { form: FormState; field: Field }) {
  const Control = CONTROLS[field.type];
  const faults = form.faults[field.name] ?? [];
  if (!Control)
    return faults.length ? (
      <Note tone="late" icon="alert">
        {faults.join(' ')}
      </Note>
    ) : null;
  const id = inputId(form.id, field.name);
  const helped = field.help ? `${id}-help` : '';
  const blamed = faults.length ? `${id}-fault` : '';
  const about = [helped, blamed].filter(Boolean).join(' ') || undefined;
  const inside = (
    <>
      {field.help && (
        <p class="field-help" id={helped}>
          {field.help}
        </p>
      )}
      <Control form={form} field={field} id={id} about={about} wrong={faults.length > 0} />
      {faults.length > 0 && (
        <p class="field-fault" id={blamed}>
          <Icon name="alert" />
          {faults.join(' ')}
        </p>
      )}
    </>
  );
  if (GROUPS.has(field.type)) {
    return (
      <fieldset class="field" id={id} aria-describedby={about}>
        <legend class="field-label">
          <Label field={field} />
        </legend>
        {inside}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        <Label field={field} />
      </label>
      {inside}
    </div>
  );
}

function Label({ field }: { field: Field }) {
  const w = useWords();
  return (
    <>
      {field.label}
      {field.required && <span class="field-required"> {w.form.required}</span>}
    </>
  );
}

/** What is wrong, above the form: each leads to its field. */
export function FaultList({ form }: { form: FormState }) {
  const w = useWords();
  const wrong = form.fields.filter((field) => form.faults[field.name]);
  const rest = Object.entries(form.faults).filter(([name]) => !form.fields.some((field) => field.name === name));
  if (!wrong.length && !rest.length) return null;
  return (
    <div class="faults" role="alert">
      <strong>{w.form.faults(wrong.length + rest.length)}</strong>
      <ul>
        {wrong.map((field) => (
          <li key={field.name}>
            <button type="button" class="button-plain link" onClick={() => reach(inputId(form.id, field.name))}>
              {field.label}
            </button>
          </li>
        ))}
        {rest.map(([name, words]) => (
          <li key={name}>{words.join(' ')}</li>
        ))}
      </ul>
    </div>
  );
}

function reach(id: string): void {
  const box = document.getElementById(id);
  const target = box?.matches('input, textarea, button') ? box : box?.querySelector<HTMLElement>('input, button');
  target?.focus();
}

export function TakenUp({ form }: { form: FormState }) {
  const w = useWords();
  if (!form.takenUp) return null;
  return (
    <Note tone="calm">
      <p>{w.form.takenUp}</p>
      <button type="button" class="button" onClick={() => void form.clear()}>
        {w.form.anew}
      </button>
    </Note>
  );
}
