/** Locks the phone when nobody touches it, or when the app has been out of sight. */

const IDLE_MS = 5 * 60_000;
const HIDDEN_MS = 60_000;
const LOOK_EVERY_MS = 10_000;
const TOUCHES = ['pointerdown', 'keydown', 'input', 'scroll'];

/** Watches until the answer is called. Timers sleep while an app is out of sight, so it looks again when it comes back. */
export function watchIdle(lock: () => void, now: () => number = Date.now): () => void {
  let touched = now();
  let hidden = document.hidden ? now() : null;
  const look = (): void => {
    if (now() - touched > IDLE_MS || (hidden !== null && now() - hidden > HIDDEN_MS)) lock();
  };
  const touch = (): void => {
    look();
    touched = now();
  };
  const turn = (): void => {
    look();
    hidden = document.hidden ? now() : null;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  for (const name of TOUCHES) addEventListener(name, touch, { capture: true, passive: true });
  document.addEventListener('visibilitychange', turn);
  return () => {
    clearInterval(timer);
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true });
    document.removeEventListener('visibilitychange', turn);
  };
}
