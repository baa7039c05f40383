import { useState } from 'preact/hooks';
import { fitPin } from '../../engine/keys.ts';
import { Note } from '../parts/rows.tsx';
import { useWords } from '../shell/context.ts';
import { PinPad } from './pin-pad.tsx';

interface Props {
  busy: boolean;
  onChosen: (pin: string) => void;
}

/** A new PIN, typed twice. */
export function ChoosePin({ busy, onChosen }: Props) {
  const w = useWords();
  const [first, setFirst] = useState('');
  const [fault, setFault] = useState('');
  const typed = (pin: string) => {
    setFault('');
    if (first && pin === first) return onChosen(pin);
    if (first) return begin(w.pin.differ);
    if (!fitPin(pin)) return begin(w.pin.easy);
    setFirst(pin);
  };
  const begin = (why: string) => {
    setFirst('');
    setFault(why);
  };
  const asked = first ? w.pin.again : w.pin.choose;
  return (
    <>
      <div role="status">
        <h2 class="door-ask">{asked}</h2>
      </div>
      <p class="door-help">{w.pin.rule}</p>
      {fault && (
        <Note tone="late" icon="alert" urgent>
          {fault}
        </Note>
      )}
      <PinPad key={asked} label={asked} busy={busy} onWhole={typed} />
    </>
  );
}
