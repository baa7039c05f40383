// Maps over the city's own outlines: no tiles, no fonts and no word from outside.
// data-map="pick":  tap or arrow keys and Enter give `citong:pick` {lon, lat}; hear `citong:move` {lon, lat}
// data-map="point": shows data-lon, data-lat
// data-streets:     lines (GeoJSON) under everything else, with their names; with any map
// data-map="cases": shows data-cases (GeoJSON, clustered unless data-whole), and data-grids (GeoJSON) if there are any;
//                   with data-roam it asks for what is in view when `capped` says that there is more
import { LngLatBounds, Map, Marker, NavigationControl, Popup, setWorkerUrl } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

setWorkerUrl(worker);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const nothing = { type: 'FeatureCollection', features: [] };
export const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];

const read = async (url) => (await fetch(url, { headers: { Accept: 'application/geo+json' } })).json();

const boundsOf = (data) => {
  const bounds = new LngLatBounds();
  const walk = (part) => (typeof part[0] === 'number' ? bounds.extend(part) : part.forEach(walk));
  data.features.forEach((feature) => feature.geometry && walk(feature.geometry.coordinates));
  return bounds;
};

const style = () => ({
  version: 8,
  sources: {},
  layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colour('--ct-soft') } }],
});

function drawOutlines(map, data) {
  const labels = data.features.filter((f) => f.properties.label || f.properties.name).map((f) => ({
    type: 'Feature',
    properties: { name: f.properties.name },
    geometry: { type: 'Point', coordinates: f.properties.label ?? boundsOf({ features: [f] }).getCenter().toArray() },
  }));
  map.addSource('outlines', { type: 'geojson', data });
  map.addSource('names', { type: 'geojson', data: { type: 'FeatureCollection', features: labels } });
  map.addLayer({ id: 'land', type: 'fill', source: 'outlines', paint: { 'fill-color': colour('--tblr-bg-surface') } });
  map.addLayer({ id: 'borders', type: 'line', source: 'outlines', paint: { 'line-color': '#a59c90', 'line-width': 1 } });
  map.addLayer({
    id: 'names',
    type: 'symbol',
    source: 'names',
    layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12 },
    paint: { 'text-color': colour('--tblr-secondary'), 'text-halo-color': colour('--tblr-bg-surface'), 'text-halo-width': 1.5 },
  });
}

function drawStreets(map, data) {
  map.addSource('streets', { type: 'geojson', data });
  map.addLayer({ id: 'streets', type: 'line', source: 'streets', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#ddd6ca', 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 1, 15, 6] } }, 'names');
  map.addLayer({
    id: 'street-names',
    type: 'symbol',
    source: 'streets',
    minzoom: 13.5,
    filter: ['!=', ['coalesce', ['get', 'name'], ''], ''],
    layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'symbol-spacing': 420 },
    paint: { 'text-color': '#6d6357', 'text-halo-color': colour('--tblr-bg-surface'), 'text-halo-width': 1.5 },
  });
}

export function drawGrids(map, data) {
  if (map.getSource('grids')) return map.getSource('grids').setData(data);
  map.addSource('grids', { type: 'geojson', data });
  map.addLayer({ id: 'grids', type: 'fill', source: 'grids', paint: { 'fill-color': colour('--ct-calm'), 'fill-opacity': 0.04 } }, 'names');
  map.addLayer({ id: 'grid-lines', type: 'line', source: 'grids', paint: { 'line-color': colour('--ct-calm'), 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.3, 12, 0.8], 'line-opacity': ['interpolate', ['linear'], ['zoom'], 8, 0.3, 12, 0.7] } }, 'names');
  map.on('click', 'grids', ({ lngLat, features }) => {
    if (map.queryRenderedFeatures(map.project(lngLat), { layers: map.getLayer('cases') ? ['cases', 'clusters'] : [] }).length) return;
    const { code, name } = features[0].properties;
    new Popup().setLngLat(lngLat).setText([name, code].filter(Boolean).join(' · ')).addTo(map);
  });
}

const dot = (name) => ['match', ['get', 'look'], 'late', colour('--ct-late'), 'near', '#c77700', 'closed', '#8b949e', colour(name)];

function drawCases(map, data, { cluster = true } = {}) {
  if (map.getSource('cases')) return map.getSource('cases').setData(data);
  map.addSource('cases', { type: 'geojson', data, cluster, clusterRadius: 42, clusterMaxZoom: 14, clusterProperties: { late: ['+', ['case', ['==', ['get', 'look'], 'late'], 1, 0]] } });
  map.addLayer({
    id: 'clusters',
    type: 'circle',
    source: 'cases',
    filter: ['has', 'point_count'],
    paint: { 'circle-color': colour('--tblr-primary'), 'circle-radius': ['step', ['get', 'point_count'], 13, 10, 17, 100, 23], 'circle-opacity': 0.85, 'circle-stroke-color': colour('--ct-late'), 'circle-stroke-width': ['case', ['>', ['get', 'late'], 0], 3, 0] },
  });
  map.addLayer({
    id: 'counts',
    type: 'symbol',
    source: 'cases',
    filter: ['has', 'point_count'],
    layout: { 'text-field': ['to-string', ['get', 'point_count']], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true },
    paint: { 'text-color': '#fff' },
  });
  map.addLayer({
    id: 'cases',
    type: 'circle',
    source: 'cases',
    filter: ['!', ['has', 'point_count']],
    paint: { 'circle-color': dot('--tblr-primary'), 'circle-radius': 7, 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.5 },
  });
  map.on('click', 'clusters', async ({ features, lngLat }) => {
    const zoom = await map.getSource('cases').getClusterExpansionZoom(features[0].properties.cluster_id);
    map.easeTo({ center: lngLat, zoom });
  });
  map.on('click', 'cases', ({ features, lngLat }) => popup(map, features[0].properties, lngLat));
  for (const layer of ['cases', 'clusters']) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'));
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''));
  }
}

function popup(map, said, lngLat) {
  const box = document.createElement('div');
  const title = document.createElement(said.url ? 'a' : 'strong');
  if (said.url) title.href = said.url;
  title.textContent = said.title ?? said.number;
  const more = document.createElement('div');
  more.textContent = [said.kind, said.state, said.number].filter(Boolean).join(' · ');
  box.append(title, more);
  new Popup({ maxWidth: '18rem' }).setLngLat(lngLat).setDOMContent(box).addTo(map);
}

function pick(box, map) {
  const pin = new Marker({ color: colour('--ct-coral'), draggable: true });
  const form = box.closest('form');
  const known = ['lon', 'lat'].map((name) => Number(form?.elements.namedItem(name)?.value));
  const give = ({ lng, lat }) => box.dispatchEvent(new CustomEvent('citong:pick', { bubbles: true, detail: { lon: lng, lat } }));
  const put = (point, { fly = false } = {}) => {
    pin.setLngLat(point).addTo(map);
    if (fly) map.easeTo({ center: point, zoom: Math.max(map.getZoom(), 14) });
  };
  map.on('click', ({ lngLat }) => {
    put(lngLat);
    give(lngLat);
  });
  pin.on('dragend', () => give(pin.getLngLat()));
  box.addEventListener('citong:move', ({ detail }) => put([detail.lon, detail.lat], { fly: true }));
  // By keyboard: arrows move the map, Enter sets the pin in its middle.
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    put(map.getCenter());
    give(map.getCenter());
  });
  if (known.every(Boolean)) put(known, { fly: true });
}

// data-roam: where there are more cases than one answer holds, those in view are asked for at every move.
function said(box, data) {
  const told = document.querySelector('[data-capped]');
  if (told) told.hidden = !data.capped;
  if (data.capped) box.dataset.more = 'yes';
}

function roam(box, map) {
  const url = new URL(box.dataset.cases, location.href);
  map.on('moveend', () => {
    if (!box.dataset.more) return;
    url.searchParams.set('bbox', map.getBounds().toArray().flat().map((side) => side.toFixed(5)).join(','));
    box.dispatchEvent(new CustomEvent('citong:cases', { detail: url.pathname + url.search }));
  });
}

export async function startMap(box) {
  if (box.dataset.started) return;
  box.dataset.started = 'yes';
  const { lon, lat, outlines, cases, grids, bounds, streets } = box.dataset;
  const map = new Map({ container: box, style: style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, maxZoom: 18, fadeDuration: 0 });
  box.citongMap = map;
  map.addControl(new NavigationControl({ showCompass: false }));
  const ground = [outlines, streets].map((url) => (url ? read(url).catch(() => nothing) : nothing));
  const [city, ways] = await Promise.all([...ground, new Promise((done) => map.once('load', done))]);
  const frame = bounds ? bounds.split(',').map(Number) : boundsOf(city);
  if (Array.isArray(frame) ? frame.length === 4 : !frame.isEmpty()) map.fitBounds(frame, { padding: 16, animate: false });
  drawOutlines(map, city);
  if (streets) drawStreets(map, ways);
  if (grids) read(grids).then((data) => drawGrids(map, data));
  const show = async (url) => {
    const data = await read(url);
    drawCases(map, data, { cluster: !('whole' in box.dataset) });
    said(box, data);
  };
  if (cases) show(cases);
  if (box.dataset.map === 'point') {
    new Marker({ color: colour('--ct-coral') }).setLngLat([lon, lat]).addTo(map);
    map.jumpTo({ center: [lon, lat], zoom: 13 });
  }
  if (box.dataset.map === 'pick') pick(box, map);
  box.addEventListener('citong:cases', ({ detail }) => show(detail));
  if ('roam' in box.dataset) roam(box, map);
  box.addEventListener('citong:grids', ({ detail }) => (detail ? read(detail) : Promise.resolve(nothing)).then((data) => drawGrids(map, data)));
  map.once('idle', () => (box.dataset.ready = 'yes'));
}
