import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useWords } from '../shell/context.ts';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A question in front of everything else; the keyboard stays inside, Escape closes it. */
export function Dialog({ title, onClose, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={id} onClose={onClose}>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  words: string;
  yes: string;
  grave?: boolean;
  onYes: () => void;
  onClose: () => void;
}

export function Confirm({ title, words, yes, grave = false, onYes, onClose }: ConfirmProps) {
  const w = useWords();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{words}</p>
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {w.common.cancel}
        </button>
        <button type="button" class={grave ? 'button button-grave' : 'button button-main'} onClick={onYes}>
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
