import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { ChoosePin } from './choose-pin.tsx';
import { Door } from './door.tsx';
import { useSignedIn, useTry } from './enrol.tsx';
import { signInAddress } from './sign-in.ts';

/** Too many wrong PINs: nothing is lost, but a sign-in on the page must come before a new PIN. */
export function Sealed() {
  const { engine, words: w } = useApp();
  const { account, trouble, asking, ask } = useSignedIn();
  const { busy, fault, run } = useTry();
  const mine = account && (!engine.account || account.id === engine.account.id);
  return (
    <Door title={w.door.sealed}>
      <Note tone="near" icon="lock">
        <p>{w.door.sealedWhy}</p>
      </Note>
      {asking && <p role="status">{w.door.asking}</p>}
      {trouble && (
        <Note tone="late" icon="cloudOff" urgent>
          <p>{w.trouble[trouble]}</p>
          <button type="button" class="button" onClick={ask}>
            {w.common.again}
          </button>
        </Note>
      )}
      {account && !mine && (
        <Note tone="late" icon="alert" urgent>
          {w.door.notYours(engine.account?.name ?? '')}
        </Note>
      )}
      {!asking && !mine && !trouble && (
        <a class="button button-main button-wide" href={signInAddress()}>
          {w.door.signIn}
        </a>
      )}
      {fault && (
        <Note tone="late" icon="alert" urgent>
          {w.trouble[fault]}
        </Note>
      )}
      {mine && <ChoosePin busy={busy} onChosen={(pin) => run(() => engine.recover(pin))} />}
    </Door>
  );
}
