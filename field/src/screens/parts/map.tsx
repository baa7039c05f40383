import { useEffect, useRef, useState } from 'preact/hooks';
import type { MapData, Point } from '../../engine/engine.ts';
import { useWords } from '../shell/context.ts';
import type { Drawing, Spot } from './map-drawing.ts';

interface Props {
  data: MapData;
  label: string;
  spots?: Spot[];
  picked?: Point | null;
  onPick?: (point: Point) => void;
  onSpot?: (id: string) => void;
  tall?: boolean;
}

/** The own grid over the city's own outlines: no tiles, so it is there without a network. */
export function MapView({ data, label, spots = [], picked = null, onPick, onSpot, tall = false }: Props) {
  const w = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing');
  const heard = useRef({ onPick, onSpot });
  heard.current = { onPick, onSpot };

  useEffect(() => {
    let made: Drawing | null = null;
    let gone = false;
    import('./map-drawing.ts')
      .then(({ draw }) =>
        draw(box.current!, data, { label, onPick: (at) => heard.current.onPick?.(at), onSpot: (id) => heard.current.onSpot?.(id) }),
      )
      .then(
        (one) => {
          if (gone) return one.remove();
          made = one;
          setDrawing(one);
          setState('drawn');
        },
        () => setState('failed'),
      );
    return () => {
      gone = true;
      made?.remove();
    };
  }, [data]);
  useEffect(() => drawing?.spots(spots), [drawing, spots]);
  useEffect(() => drawing?.pin(picked), [drawing, picked]);

  return (
    <div class={tall ? 'map is-tall' : 'map'} data-state={state}>
      <div ref={box} class="map-box" />
      {state !== 'drawn' && (
        <p class="map-word" role="status">
          {state === 'failed' ? w.map.failed : w.map.drawing}
        </p>
      )}
    </div>
  );
}
