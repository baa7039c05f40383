import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Door } from './door.tsx';
import { signInAddress } from './sign-in.ts';

/** The office took this phone's right away; everything on it is deleted already. */
export function Revoked() {
  const { engine, words: w } = useApp();
  return (
    <Door title={w.door.revoked}>
      <Note tone="late" icon="alert">
        <p>{w.door.revokedWhy}</p>
      </Note>
      <p>{w.door.revokedNext}</p>
      <button type="button" class="button button-wide" onClick={() => void engine.wipe().then(() => location.assign(signInAddress()))}>
        {w.door.enrolAnew}
      </button>
    </Door>
  );
}
