import { useEffect, useState } from 'preact/hooks';
import { type Account, type Code, Trouble } from '../../engine/engine.ts';
import { Icon } from '../parts/icon.tsx';
import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { ChoosePin } from './choose-pin.tsx';
import { Door } from './door.tsx';
import { signInAddress } from './sign-in.ts';

/** This phone becomes a device of whoever is signed in: sign in, read what is kept, choose a PIN twice. */
export function Enrol() {
  const { engine, words: w } = useApp();
  const { account, trouble, asking, ask } = useSignedIn();
  const [agreed, setAgreed] = useState(false);
  const { busy, fault, run } = useTry();
  if (asking)
    return (
      <Door title={w.door.welcome}>
        <p role="status">{w.door.asking}</p>
      </Door>
    );
  if (trouble)
    return (
      <Door title={w.door.welcome}>
        <Note tone="near" icon="cloudOff" urgent>
          {w.trouble[trouble]}
        </Note>
        <button type="button" class="button button-main button-wide" onClick={ask}>
          {w.common.again}
        </button>
      </Door>
    );
  if (!account) return <SignInFirst />;
  if (!agreed) return <WhatIsKept account={account} onAgree={() => setAgreed(true)} />;
  return (
    <Door title={w.door.pin}>
      {fault && (
        <Note tone="late" icon="alert" urgent>
          {w.trouble[fault]}
        </Note>
      )}
      {busy && <p role="status">{w.door.enrolling}</p>}
      <ChoosePin busy={busy} onChosen={(pin) => run(() => engine.enrol(deviceName(w.door.phoneOf(account.name)), pin))} />
    </Door>
  );
}

function SignInFirst() {
  const { words: w } = useApp();
  return (
    <Door title={w.door.welcome}>
      <p>{w.door.signInFirst}</p>
      <a class="button button-main button-wide" href={signInAddress()}>
        {w.door.signIn}
      </a>
    </Door>
  );
}

function WhatIsKept({ account, onAgree }: { account: Account; onAgree: () => void }) {
  const { words: w } = useApp();
  return (
    <Door title={w.door.hello(account.name)}>
      <p>{w.door.keptIntro}</p>
      <ul class="kept">
        {w.door.kept.map((line) => (
          <li key={line}>
            <Icon name="check" />
            {line}
          </li>
        ))}
      </ul>
      <button type="button" class="button button-main button-wide" onClick={onAgree}>
        {w.door.goOn}
      </button>
      <a class="button button-plain button-wide" href={signInAddress()}>
        {w.door.other}
      </a>
    </Door>
  );
}

/** Who is signed in on the page; asked when the screen comes and on demand. */
export function useSignedIn() {
  const { engine } = useApp();
  const [account, setAccount] = useState<Account | null>(null);
  const [trouble, setTrouble] = useState<Code | null>(null);
  const [asking, setAsking] = useState(true);
  const ask = () => {
    setAsking(true);
    setTrouble(null);
    engine
      .signedIn()
      .then(setAccount, (error: unknown) => setTrouble(codeOf(error)))
      .finally(() => setAsking(false));
  };
  useEffect(ask, [engine]);
  return { account, trouble, asking, ask };
}

/** One attempt at a time, and what stood in its way. */
export function useTry() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Code | null>(null);
  const run = (attempt: () => Promise<unknown>) => {
    setBusy(true);
    setFault(null);
    attempt()
      .catch((error: unknown) => setFault(codeOf(error)))
      .finally(() => setBusy(false));
  };
  return { busy, fault, run };
}

export const codeOf = (error: unknown): Code => (error instanceof Trouble ? error.code : 'server');

/** What the phone is called in the list of a person's devices. */
function deviceName(named: string): string {
  const model =
    /\(([^)]*)\)/
      .exec(navigator.userAgent)?.[1]
      ?.split(';')
      .pop()
      ?.replace(/Build.*/, '')
      .trim() ?? '';
  return [named, model].filter(Boolean).join(' · ').slice(0, 60);
}
