import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LANGUAGES, type Language } from '../../words/words.ts';
import { useApp } from '../shell/context.ts';
import mark from '../shell/mark.svg';

/** What stands before the app is open: the mark, one thing to do, the languages. */
export function Door({ title, children }: { title: string; children: ComponentChildren }) {
  const { words: w } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${w.common.app}`;
    heading.current?.focus({ preventScroll: true });
  }, [title, w]);
  return (
    <main id="content" class="door">
      <div class="door-mark">
        <img src={mark} alt="" />
        <span>{w.common.app}</span>
      </div>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
      <Languages />
    </main>
  );
}

export function Languages() {
  const { language, speak, words: w } = useApp();
  return (
    <div class="languages" role="group" aria-label={w.settings.language}>
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={code === language} onClick={() => speak(code)}>
          {name}
        </button>
      ))}
    </div>
  );
}
