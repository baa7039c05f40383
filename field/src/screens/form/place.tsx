import { useState } from 'preact/hooks';
import { type Code, type Place, type Point, Trouble } from '../../engine/engine.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { MapView } from '../parts/map.tsx';
import { useApp } from '../shell/context.ts';
import type { ControlProps } from './fields.tsx';

export type Found = Pick<Place, 'lon' | 'lat'> & { accuracy?: number };

export function PlaceInput({ form, field, about }: ControlProps) {
  return (
    <PlaceChooser
      value={(form.values[field.name] as Found | undefined) ?? null}
      about={about}
      onFound={(place) => form.set(field.name, place)}
    />
  );
}

interface Props {
  value: Found | null;
  about?: string | undefined;
  onFound: (place: Found | null) => void;
}

/** A place: where the phone is, read once at this touch, or a point of the own grid's map. */
export function PlaceChooser({ value, about, onFound }: Props) {
  const { engine, words: w } = useApp();
  const [state, setState] = useState<'' | 'reading' | Code>('');
  const [onMap, setOnMap] = useState(false);
  const read = async () => {
    setState('reading');
    try {
      onFound(await engine.whereAmI());
      setState('');
    } catch (error) {
      setState(error instanceof Trouble ? error.code : 'place-unknown');
    }
  };
  return (
    <>
      <p class="place-state" role="status">
        {state === 'reading' ? w.place.reading : state ? w.trouble[state] : describe(value, w.place)}
      </p>
      <div class="buttons">
        <button type="button" class="button" aria-describedby={about} onClick={() => void read()}>
          <Icon name="pin" />
          {w.place.now}
        </button>
        <button type="button" class="button" onClick={() => setOnMap(true)}>
          <Icon name="map" />
          {w.place.map}
        </button>
      </div>
      {onMap && <PickOnMap from={value} onClose={() => setOnMap(false)} onPick={(point) => onFound({ lon: point[0], lat: point[1] })} />}
    </>
  );
}

function describe(value: Found | null, words: { none: string; here: (metres: number) => string; picked: string }): string {
  if (!value) return words.none;
  return value.accuracy === undefined ? words.picked : words.here(Math.round(value.accuracy));
}

interface PickProps {
  from: Found | null;
  onPick: (point: Point) => void;
  onClose: () => void;
}

function PickOnMap({ from, onPick, onClose }: PickProps) {
  const { engine, words: w } = useApp();
  const [point, setPoint] = useState<Point | null>(from ? [from.lon, from.lat] : null);
  const take = () => {
    if (point) onPick(point);
    onClose();
  };
  return (
    <Dialog title={w.place.map} onClose={onClose}>
      <p>{w.place.how}</p>
      <MapView data={engine.map()} picked={point} onPick={setPoint} label={w.place.map} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {w.common.cancel}
        </button>
        <button type="button" class="button button-main" aria-disabled={point ? undefined : 'true'} onClick={take}>
          {w.place.take}
        </button>
      </div>
    </Dialog>
  );
}
