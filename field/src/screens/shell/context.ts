import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useReducer } from 'preact/hooks';
import type { Engine } from '../../engine/engine.ts';
import type { Language, Words } from '../../words/words.ts';

export interface App {
  engine: Engine;
  words: Words;
  language: Language;
  speak: (language: Language) => void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('A screen stands outside of <App>.');
  return app;
}

export const useEngine = (): Engine => useApp().engine;
export const useWords = (): Words => useApp().words;

/** A value that is new whenever the engine has changed: whoever shows what it holds is drawn again. */
export function useChanges(engine: Engine): number {
  const [count, changed] = useReducer((n: number, _: void) => n + 1, 0);
  useEffect(() => engine.subscribe(() => changed()), [engine]);
  return count;
}

/** The app as the screens see it; a new object after each change of the engine, the words or the language. */
export function useAppValue(engine: Engine, words: Words, language: Language, speak: App['speak']): App {
  const count = useChanges(engine);
  return useMemo(() => ({ engine, words, language, speak }), [engine, words, language, count]);
}
