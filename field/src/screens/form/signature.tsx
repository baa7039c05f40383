import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../shell/context.ts';
import type { ControlProps } from './fields.tsx';
import { Source, Thumb } from './photos.tsx';

const INK = '#14213d';
const STROKE = 2.5;

/** Signed with a finger; or on paper and photographed, for whoever can not draw on glass. */
export function SignatureInput({ form, field, about }: ControlProps) {
  const w = useWords();
  const signed = form.files.find((one) => one.field === field.name);
  const [drawing, setDrawing] = useState(false);
  const put = (file: Blob, name: string) => form.attach(field.name, [{ field: field.name, file, name }]);
  if (signed && !drawing) {
    return (
      <div class="signed">
        <Thumb file={signed.file} label={w.form.signed(field.label)} />
        <button type="button" class="button" onClick={() => form.attach(field.name, [])}>
          {w.form.signAgain}
        </button>
      </div>
    );
  }
  return (
    <>
      <Paper
        label={field.label}
        onDrawn={(file) => put(file, 'signature.png')}
        onDrawing={setDrawing}
        onCleared={() => form.attach(field.name, [])}
      />
      {!signed && <Source icon="camera" label={w.form.signPaper} about={about} camera onFiles={([file]) => file && put(file, file.name)} />}
    </>
  );
}

interface PaperProps {
  label: string;
  onDrawn: (file: Blob) => void;
  onDrawing: (now: boolean) => void;
  onCleared: () => void;
}

function Paper({ label, onDrawn, onDrawing, onCleared }: PaperProps) {
  const w = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const clear = () => {
    const one = canvas.current;
    one?.getContext('2d')?.clearRect(0, 0, one.width, one.height);
    onCleared();
  };
  useDrawing(canvas, {
    begun: () => onDrawing(true),
    ended: () => canvas.current?.toBlob((file) => file && onDrawn(file)),
  });
  return (
    <div class="paper">
      <canvas ref={canvas} class="signature" role="img" aria-label={w.form.signHere(label)} />
      <div class="buttons">
        <button type="button" class="button" onClick={clear}>
          <Icon name="remove" />
          {w.form.signClear}
        </button>
        <button type="button" class="button" onClick={() => onDrawing(false)}>
          <Icon name="check" />
          {w.form.signDone}
        </button>
      </div>
    </div>
  );
}

interface Heard {
  begun: () => void;
  ended: () => void;
}

function useDrawing(canvas: { current: HTMLCanvasElement | null }, heard: Heard): void {
  const now = useRef(heard);
  now.current = heard;
  useEffect(() => {
    const one = canvas.current;
    const pen = one?.getContext('2d');
    if (!one || !pen) return;
    const scale = devicePixelRatio || 1;
    one.width = one.clientWidth * scale;
    one.height = one.clientHeight * scale;
    pen.scale(scale, scale);
    Object.assign(pen, { lineWidth: STROKE, lineCap: 'round', lineJoin: 'round', strokeStyle: INK });
    const end = new AbortController();
    const on = (name: 'pointerdown' | 'pointermove' | 'pointerup', then: (event: PointerEvent) => void) =>
      one.addEventListener(name, then, { signal: end.signal });
    on('pointerdown', (event) => {
      one.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(event.offsetX, event.offsetY);
      now.current.begun();
    });
    on('pointermove', (event) => {
      if (!one.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(event.offsetX, event.offsetY);
      pen.stroke();
    });
    on('pointerup', () => now.current.ended());
    return () => end.abort();
  }, []);
}
