import { useState } from 'preact/hooks';
import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Door } from './door.tsx';
import { codeOf } from './enrol.tsx';
import { PinPad } from './pin-pad.tsx';

/** The door after a pause: the PIN alone, also without a network. */
export function Unlock() {
  const { engine, words: w } = useApp();
  const [state, setState] = useState<'' | 'opening' | 'wrong'>('');
  const [trouble, setTrouble] = useState('');
  const typed = (pin: string) => {
    setState('opening');
    setTrouble('');
    engine.unlock(pin).then(
      (answer) => setState(answer === 'wrong' ? 'wrong' : ''),
      (error: unknown) => {
        setState('');
        setTrouble(w.trouble[codeOf(error)]);
      },
    );
  };
  return (
    <Door title={w.door.locked(engine.account?.name ?? '')}>
      <p class="door-help" role="status">
        {state === 'opening' ? w.door.opening : w.door.enterPin}
      </p>
      {state === 'wrong' && (
        <Note tone="late" icon="alert" urgent>
          {w.door.wrong(engine.triesLeft)}
        </Note>
      )}
      {trouble && (
        <Note tone="late" icon="alert" urgent>
          {trouble}
        </Note>
      )}
      <PinPad label={w.door.enterPin} busy={state === 'opening'} onWhole={typed} />
    </Door>
  );
}
