import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../shell/context.ts';

export const PIN_LENGTH = 6;
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

interface Props {
  label: string;
  /** While true nothing more is taken. */
  busy?: boolean;
  onWhole: (pin: string) => void;
}

/** Six digits by thumb or by keyboard. They are never shown, only counted. */
export function PinPad({ label, busy = false, onWhole }: Props) {
  const w = useWords();
  const typed = useRef(''); // fingers are quicker than drawings
  const [pin, setPin] = useState('');
  const put = (next: string) => {
    typed.current = next;
    setPin(next);
  };
  const press = (digit: string) => {
    if (busy) return;
    const next = typed.current + digit;
    put(next.length < PIN_LENGTH ? next : '');
    if (next.length === PIN_LENGTH) onWhole(next);
  };
  const clear = () => put(typed.current.slice(0, -1));
  useKeys(press, clear);
  return (
    <div role="group" aria-label={label}>
      <div class="pips" aria-hidden="true">
        {Array.from({ length: PIN_LENGTH }, (_, at) => (
          <i key={at} class={at < pin.length ? 'is-set' : undefined} />
        ))}
      </div>
      <p class="unseen" role="status">
        {w.pin.typed(pin.length, PIN_LENGTH)}
      </p>
      <div class="pad">
        {KEYS.map((digit) => (
          <button key={digit} type="button" aria-disabled={busy ? 'true' : undefined} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
        <span />
        <button type="button" aria-disabled={busy ? 'true' : undefined} onClick={() => press('0')}>
          0
        </button>
        <button type="button" class="pad-word" onClick={clear}>
          {w.pin.delete}
        </button>
      </div>
    </div>
  );
}

function useKeys(press: (digit: string) => void, clear: () => void): void {
  const now = useRef({ press, clear });
  now.current = { press, clear };
  useEffect(() => {
    const typed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^\d$/.test(event.key)) now.current.press(event.key);
      else if (event.key === 'Backspace') now.current.clear();
    };
    addEventListener('keydown', typed);
    return () => removeEventListener('keydown', typed);
  }, []);
}
