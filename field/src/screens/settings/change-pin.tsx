import { ChoosePin } from '../door/choose-pin.tsx';
import { useSignedIn, useTry } from '../door/enrol.tsx';
import { signInAddress } from '../door/sign-in.ts';
import { Note } from '../parts/rows.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';

/** A new PIN for whoever is signed in on the page: a phone lying open is not enough. */
export function ChangePin() {
  const { engine, words: w } = useApp();
  const { account, trouble, asking, ask } = useSignedIn();
  const { busy, fault, run } = useTry();
  const mine = account !== null && account.id === engine.account?.id;
  const change = async (pin: string) => {
    await engine.recover(pin);
    announce(w.settings.pinChanged);
    back(href('settings'));
  };
  return (
    <Page title={w.settings.changePin} up={href('settings')}>
      {asking && <p role="status">{w.door.asking}</p>}
      {trouble && (
        <Note tone="near" icon="cloudOff" urgent>
          <p>{w.trouble[trouble]}</p>
          <button type="button" class="button" onClick={ask}>
            {w.common.again}
          </button>
        </Note>
      )}
      {!asking && !trouble && !mine && (
        <>
          <p>{w.settings.signInToChange}</p>
          <a class="button button-main button-wide" href={signInAddress()}>
            {w.door.signIn}
          </a>
        </>
      )}
      {fault && (
        <Note tone="late" icon="alert" urgent>
          {w.trouble[fault]}
        </Note>
      )}
      {mine && <ChoosePin busy={busy} onChosen={(pin) => run(() => change(pin))} />}
    </Page>
  );
}
