import { useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../shell/context.ts';
import type { ControlProps } from './fields.tsx';

const MOST_CHIPS = 8;

interface ChipProps {
  type: 'radio' | 'checkbox';
  name: string;
  checked: boolean;
  label: string;
  wrong?: boolean;
  onPick: () => void;
}

export function Chip({ type, name, checked, label, wrong, onPick }: ChipProps) {
  return (
    <label class="chip">
      <input type={type} name={name} checked={checked} aria-invalid={wrong ? 'true' : undefined} onChange={onPick} />
      <span>
        <i>
          <Icon name="check" />
        </i>
        {label}
      </span>
    </label>
  );
}

/** One of a few: all are seen at once. One of many: searched for. */
export function Choice(props: ControlProps) {
  const { form, field, id, wrong } = props;
  if (field.choices.length > MOST_CHIPS) return <Picker {...props} />;
  const now = form.values[field.name] ?? '';
  return (
    <div class="chips">
      {field.choices.map(([value, label]) => (
        <Chip
          key={value}
          type="radio"
          name={id}
          label={label}
          checked={String(now) === value}
          wrong={wrong}
          onPick={() => form.set(field.name, value)}
        />
      ))}
    </div>
  );
}

export function Choices({ form, field, id, wrong }: ControlProps) {
  const now = (form.values[field.name] as string[] | undefined) ?? [];
  const turn = (value: string) => form.set(field.name, now.includes(value) ? now.filter((one) => one !== value) : [...now, value]);
  return (
    <div class="chips">
      {field.choices.map(([value, label]) => (
        <Chip key={value} type="checkbox" name={id} label={label} checked={now.includes(value)} wrong={wrong} onPick={() => turn(value)} />
      ))}
    </div>
  );
}

export function YesNo({ form, field, id, wrong }: ControlProps) {
  const w = useWords();
  const now = form.values[field.name];
  return (
    <div class="chips">
      <Chip type="radio" name={id} label={w.common.yes} checked={now === true} wrong={wrong} onPick={() => form.set(field.name, true)} />
      <Chip type="radio" name={id} label={w.common.no} checked={now === false} wrong={wrong} onPick={() => form.set(field.name, false)} />
    </div>
  );
}

function Picker({ form, field, id, wrong, about }: ControlProps) {
  const w = useWords();
  const [open, setOpen] = useState(false);
  const now = String(form.values[field.name] ?? '');
  const label = field.choices.find(([value]) => value === now)?.[1];
  const pick = (value: string) => {
    form.set(field.name, value);
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        class="input picker"
        aria-haspopup="dialog"
        aria-describedby={about}
        data-wrong={wrong ? 'yes' : undefined}
        onClick={() => setOpen(true)}
      >
        <span>{label ?? w.form.choose}</span>
        <Icon name="next" />
      </button>
      {open && <Search title={field.label} choices={field.choices} now={now} name={id} onPick={pick} onClose={() => setOpen(false)} />}
    </>
  );
}

interface SearchProps {
  title: string;
  name: string;
  choices: [string, string][];
  now: string;
  onPick: (value: string) => void;
  onClose: () => void;
}

function Search({ title, name, choices, now, onPick, onClose }: SearchProps) {
  const w = useWords();
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter(([, label]) => words.every((word) => label.toLowerCase().includes(word)));
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={w.form.search}
          placeholder={w.form.search}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <p class="unseen" role="status">
        {w.form.found(found.length)}
      </p>
      <ul class="rows picks" id={`${name}-picks`}>
        {found.map(([value, label]) => (
          <li key={value}>
            <button type="button" class="row" aria-pressed={value === now} onClick={() => onPick(value)}>
              <span class="row-main">{label}</span>
              {value === now && <Icon name="check" />}
            </button>
          </li>
        ))}
        {!found.length && <li class="row">{w.form.found(0)}</li>}
      </ul>
      <button type="button" class="button button-wide" onClick={onClose}>
        {w.common.cancel}
      </button>
    </Dialog>
  );
}
