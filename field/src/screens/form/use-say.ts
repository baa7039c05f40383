import { type Draft, type Id, Trouble } from '../../engine/engine.ts';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import type { FormState } from './use-form.ts';

/** Says what a form holds if all is well in it; the draft goes when it is kept, and only then. */
export function useSay() {
  const { engine, words: w } = useApp();
  return async (form: FormState, draft: Draft | (() => Draft | Promise<Draft>), then: (id: Id) => unknown): Promise<void> => {
    if (!form.check()) return;
    try {
      const id = await engine.say(typeof draft === 'function' ? await draft() : draft);
      await form.done();
      announce(engine.online ? w.form.kept : w.form.keptOffline);
      await then(id);
    } catch (error) {
      announce(w.trouble[error instanceof Trouble ? error.code : 'storage']);
    }
  };
}
