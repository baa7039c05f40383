import { Map, Marker, NavigationControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { MapData, Point } from '../../engine/engine.ts';

setWorkerUrl(worker);

const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];
const TOUCH = 18; // pixels around a finger in which a spot is meant

export interface Spot {
  id: string;
  name: string;
  at: Point;
  look: 'late' | 'due' | 'later' | 'done' | 'case';
}

export interface Drawing {
  spots: (spots: Spot[]) => void;
  pin: (at: Point | null) => void;
  remove: () => void;
}

interface Heard {
  label: string;
  onPick: (at: Point) => void;
  onSpot: (id: string) => void;
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Draws the outlines into the box; the answer puts spots and the pin on them. Throws where there is no WebGL. */
export async function draw(box: HTMLElement, data: MapData, heard: Heard): Promise<Drawing> {
  const map = new Map({
    container: box,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 20,
    locale: { 'Map.Title': heard.label },
    style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colour('--ct-soft') } }] },
    ...(data.bounds && { bounds: data.bounds, fitBoundsOptions: { padding: 24 } }),
  });
  map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
  await new Promise<void>((done, failed) => {
    map.once('load', () => done());
    map.once('error', ({ error }) => failed(error));
  });
  outlines(map, data);
  spotLayers(map);
  const pin = pinOf(map, heard);
  map.on('click', (event) => {
    const { x, y } = event.point;
    const [spot] = map.queryRenderedFeatures(
      [
        [x - TOUCH, y - TOUCH],
        [x + TOUCH, y + TOUCH],
      ],
      { layers: ['spots'] },
    );
    if (spot) heard.onSpot(String(spot.properties['id']));
    else heard.onPick([event.lngLat.lng, event.lngLat.lat]);
  });
  return {
    spots: (spots) => void (map.getSource('spots') as GeoJSONSource).setData(collection(spots)),
    pin,
    remove: () => map.remove(),
  };
}

function outlines(map: Map, { grids, around }: MapData): void {
  map.addSource('around', { type: 'geojson', data: around });
  map.addSource('grids', { type: 'geojson', data: grids });
  map.addLayer({
    id: 'around',
    type: 'line',
    source: 'around',
    paint: { 'line-color': colour('--ct-edge'), 'line-width': 1, 'line-dasharray': [3, 2] },
  });
  map.addLayer({ id: 'grids', type: 'fill', source: 'grids', paint: { 'fill-color': colour('--ct-white') } });
  map.addLayer({ id: 'edges', type: 'line', source: 'grids', paint: { 'line-color': colour('--ct-act'), 'line-width': 3 } });
  map.addLayer({
    id: 'around-names',
    type: 'symbol',
    source: 'around',
    layout: { 'text-field': ['coalesce', ['get', 'name'], ''], 'text-font': FONT, 'text-size': 13 },
    paint: { 'text-color': colour('--ct-quiet'), 'text-halo-color': colour('--ct-soft'), 'text-halo-width': 2 },
  });
}

function spotLayers(map: Map): void {
  map.addSource('spots', { type: 'geojson', data: collection([]) });
  map.addLayer({
    id: 'spots',
    type: 'circle',
    source: 'spots',
    paint: {
      'circle-color': [
        'match',
        ['get', 'look'],
        'late',
        colour('--ct-grave'),
        'due',
        '#c77700',
        'done',
        colour('--ct-good'),
        'case',
        colour('--ct-act'),
        colour('--ct-white'),
      ],
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 14, 5, 18, 10],
      'circle-stroke-color': ['match', ['get', 'look'], 'later', colour('--ct-edge'), colour('--ct-white')],
      'circle-stroke-width': 2,
    },
  });
  map.addLayer({
    id: 'spot-names',
    type: 'symbol',
    source: 'spots',
    minzoom: 17,
    layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 13, 'text-offset': [0, 1.1], 'text-anchor': 'top' },
    paint: { 'text-color': colour('--ct-ink'), 'text-halo-color': colour('--ct-white'), 'text-halo-width': 2 },
  });
}

const collection = (spots: Spot[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: spots.map(({ at, ...properties }) => ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } })),
});

/** By touch, by dragging, or by keyboard: arrows move the map, Enter sets the pin in its middle. */
function pinOf(map: Map, { onPick }: Heard): Drawing['pin'] {
  const pin = new Marker({ color: colour('--ct-coral'), draggable: true });
  pin.on('dragend', () => onPick(pin.getLngLat().toArray() as Point));
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onPick(map.getCenter().toArray() as Point);
  });
  return (at) => void (at ? pin.setLngLat(at).addTo(map) : pin.remove());
}
