import { useWords } from '../shell/context.ts';
import type { ControlProps } from './fields.tsx';

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

function shared({ form, field, id, about, wrong }: ControlProps) {
  return {
    id,
    name: field.name,
    class: 'input',
    value: text(form.values[field.name]),
    disabled: !form.ready,
    'aria-describedby': about,
    'aria-invalid': wrong ? ('true' as const) : undefined,
    'aria-required': field.required ? ('true' as const) : undefined,
    autocomplete: 'off' as const,
    onInput: (event: { currentTarget: { value: string } }) => form.set(field.name, event.currentTarget.value),
  };
}

export function TextInput(props: ControlProps) {
  return (
    <>
      <input {...shared(props)} type="text" enterkeyhint="next" />
      <Left {...props} />
    </>
  );
}

export function PhoneInput(props: ControlProps) {
  return <input {...shared(props)} type="tel" enterkeyhint="next" />;
}

export function WordsInput(props: ControlProps) {
  return (
    <>
      <textarea {...shared(props)} rows={3} />
      <Left {...props} />
    </>
  );
}

export function NumberInput(props: ControlProps) {
  return <input {...shared(props)} type="text" inputMode="decimal" />;
}

export function MoneyInput(props: ControlProps) {
  const w = useWords();
  return (
    <div class="with-unit">
      <input {...shared(props)} type="text" inputMode="decimal" />
      <span>{w.form.yuan}</span>
    </div>
  );
}

export function DateInput(props: ControlProps) {
  return <input {...shared(props)} type="date" />;
}

/** Tells how many signs are left once it gets narrow. */
function Left({ form, field }: ControlProps) {
  const w = useWords();
  const used = text(form.values[field.name]).length;
  if (!field.longest || used < field.longest * 0.8) return null;
  return <p class="field-left">{w.form.left(field.longest - used)}</p>;
}
