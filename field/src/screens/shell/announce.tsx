import { useEffect, useState } from 'preact/hooks';

const SECONDS = 6;
const heard = new Set<(text: string) => void>();

/** Says a sentence on the screen and to a screen reader. */
export function announce(text: string): void {
  for (const one of heard) one(text);
}

export function Announced() {
  const [text, setText] = useState('');
  useEffect(() => {
    heard.add(setText);
    return () => void heard.delete(setText);
  }, []);
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => setText(''), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="said" role="status" aria-live="polite">
      {text}
    </div>
  );
}
