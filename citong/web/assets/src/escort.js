// Escorts: the phone on the road says where it is and shows what comes next; the centre's console follows by events.
// data-escort="ask":     fills lon and lat of its form, and the destination by a button or on a map
// data-escort="drive":   tells data-place where it is each second while under way, and shows the answer
// data-escort="console": asks data-part anew when data-live-escorts says that something moved; keys a and x
const EVERY = 1000;
const WAITS = 2000;
const FRESH = { enableHighAccuracy: true, maximumAge: 1000, timeout: 10000 };
const token = () => document.querySelector('meta[name=csrf-token]')?.content ?? document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? '';
let skew = 0;

// `maps` brings map.js when it is needed; asked for here, this part would load the whole of citong.js a second time.
export function startEscort(box, maps) {
  if (box.dataset.started) return;
  box.dataset.started = 'yes';
  ({ ask, drive, console: follow })[box.dataset.escort]?.(box, maps);
  count(box);
  setInterval(() => count(box), 250);
}

// Countdowns by the server's clock, whatever the phone's says.
function count(box) {
  const now = box.querySelector('[data-now]')?.dataset.now;
  if (now && box.dataset.seen !== now) {
    box.dataset.seen = now;
    skew = new Date(now).getTime() - Date.now();
  }
  const at = Date.now() + skew;
  box.querySelectorAll('b[data-at]').forEach((one) => {
    const left = (new Date(one.dataset.at).getTime() - at) / 1000;
    one.textContent = Number.isFinite(left) ? Math.max(0, Math.round(left)) : '–';
  });
  box.querySelectorAll('[data-since]').forEach((one) => {
    const left = Math.round(Number(one.dataset.within) - (at - new Date(one.dataset.since).getTime()) / 1000);
    one.textContent = `${left} s`;
    one.classList.toggle('escort-overdue', left < 0);
  });
}

// The part that changes. A form on its way, a question that is open (its button must still be there for the answer) and
// where the keyboard stands are left as they are.
function put(box, html) {
  const part = box.querySelector('[data-escort-part]');
  if (!part || part.querySelector('form[data-sending]') || document.querySelector('dialog[open]')) return;
  const active = document.activeElement;
  const held = part.contains(active) ? (active.dataset.key ?? active.getAttribute('href') ?? active.closest('form')?.getAttribute('action')) : null;
  part.innerHTML = html;
  if (held) [...part.querySelectorAll('a, button')].find((one) => [one.dataset.key, one.getAttribute('href'), one.closest('form')?.getAttribute('action')].includes(held))?.focus();
  count(box);
}

const told = (box, name, shown) => {
  const sentence = box.querySelector(`[data-${name}]`);
  if (sentence) sentence.hidden = !shown;
};

// On the road -----------------------------------------------------------------------------------

function ask(box, maps) {
  const form = box.querySelector('#ask');
  const where = box.querySelector('[data-where]');
  const fill = (into, { longitude, latitude }) => {
    for (const [name, value] of [['lon', longitude], ['lat', latitude]]) into.elements.namedItem(name).value = value.toFixed(6);
  };
  const none = () => {
    where.textContent = where.dataset.none;
    form.querySelector('[data-more]').open = true;
  };
  if (!navigator.geolocation) none();
  else
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      fill(form, coords);
      where.textContent = where.dataset.found;
    }, none, FRESH);
  box.querySelectorAll('[data-goal]').forEach((button) =>
    button.addEventListener('click', () => {
      form.elements.namedItem('goal').value = button.dataset.goal;
      for (const name of ['goal_lon', 'goal_lat']) form.elements.namedItem(name).value = '';
    }),
  );
  form.elements.namedItem('goal').addEventListener('input', () => {
    for (const name of ['goal_lon', 'goal_lat']) form.elements.namedItem(name).value = '';
  });
  box.querySelector('[data-here]')?.addEventListener('submit', (event) => {
    const own = event.target;
    if (own.elements.namedItem('lon').value || !navigator.geolocation) return;
    event.preventDefault();
    event.stopPropagation();
    navigator.geolocation.getCurrentPosition(({ coords }) => (fill(own, coords), own.submit()), () => own.submit(), FRESH);
  });
  pickGoal(box, form, maps);
}

function pickGoal(box, form, maps) {
  const map = box.querySelector('[data-pick-goal]');
  box.querySelector('[data-goal-map]')?.addEventListener('toggle', async () => {
    map.dataset.map = 'pick';
    (await maps()).startMap(map);
  });
  map?.addEventListener('citong:pick', ({ detail }) => {
    form.elements.namedItem('goal_lon').value = detail.lon.toFixed(6);
    form.elements.namedItem('goal_lat').value = detail.lat.toFixed(6);
    form.elements.namedItem('goal').value = map.dataset.chosen;
  });
}

function drive(box) {
  const state = () => box.querySelector('[data-state]')?.dataset.state;
  const heard = () => Number(box.querySelector('[data-age]')?.dataset.age ?? Infinity) < 15; // by another that tells it
  let last = null;
  let reading = null;
  let awake = null;
  const read = () => {
    if (reading !== null || !navigator.geolocation) return;
    reading = navigator.geolocation.watchPosition(({ coords, timestamp }) => (last = { coords, timestamp }), () => (last = null), FRESH);
    navigator.wakeLock?.request('screen').then((lock) => (awake = lock), () => {});
  };
  const stop = () => {
    if (reading !== null) navigator.geolocation.clearWatch(reading);
    awake?.release();
    reading = awake = last = null;
  };
  const tell = () => {
    const { longitude, latitude, speed, accuracy } = last.coords;
    const body = JSON.stringify({ lon: longitude, lat: latitude, speed: speed ?? '', error: accuracy, at: new Date(last.timestamp + skew).toISOString() });
    return fetch(box.dataset.place, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() } });
  };
  const second = async () => {
    const under = state() === 'under_way' && box.dataset.drives === 'yes';
    if (under) read();
    else stop();
    const fresh = last && Date.now() - last.timestamp < 15000;
    told(box, 'no-place', under && !fresh && !heard());
    try {
      let answer = under && fresh ? await tell() : await fetch(box.dataset.part);
      if (!answer.ok) answer = await fetch(box.dataset.part);
      if (answer.ok) put(box, await answer.text());
      told(box, 'no-net', !answer.ok);
    } catch {
      told(box, 'no-net', under);
    }
    if (['asked', 'approved', 'under_way'].includes(state())) setTimeout(second, state() === 'under_way' ? EVERY : WAITS);
    else {
      stop();
      told(box, 'no-place', false);
    }
  };
  second();
  addEventListener('pagehide', stop, { once: true });
}

// In the centre ---------------------------------------------------------------------------------

async function follow(box, maps) {
  let asked = false;
  let again = false;
  let drawn = null;
  let state = box.querySelector('[data-state]')?.dataset.state;
  const anew = async () => {
    if (asked) return (again = true);
    asked = true;
    try {
      const answer = await fetch(box.dataset.part);
      told(box, 'no-net', !answer.ok);
      if (answer.ok) put(box, await answer.text());
      else if (answer.status === 404) location.assign('/desk/escorts/');
      await drawn?.();
      const now = box.querySelector('[data-state]')?.dataset.state;
      if (now !== state && (await rest(box))) state = now;
    } catch {
      told(box, 'no-net', true);
    }
    setTimeout(() => {
      asked = false;
      if (again) anew();
      again = false;
    }, EVERY);
  };
  listen(box, anew);
  keys(box);
  const canvas = box.querySelector('[data-escorts]');
  if (canvas?.dataset.map) drawn = await draw(canvas, maps);
}

// The acts that ask something follow the state, unless somebody is answering one of them.
async function rest(box) {
  const old = box.querySelector('.escort-rest');
  if (!old || old.querySelector('details[open]')) return false;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const fresh = page.querySelector('.escort-rest');
  if (fresh) old.replaceWith(document.importNode(fresh, true));
  return true;
}

function listen(box, anew) {
  if (!window.EventSource) return setInterval(anew, WAITS);
  let source = null;
  const open = () => {
    source = new EventSource(box.dataset.liveEscorts);
    source.addEventListener('case', anew);
    source.onopen = anew;
    source.onerror = () => {
      source.close();
      told(box, 'no-net', true);
      setTimeout(open, WAITS);
    };
  };
  open();
  addEventListener('pagehide', () => source.close(), { once: true });
}

function keys(box) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select') || document.querySelector('dialog[open]')) return;
    const button = box.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const byState = () => ['match', ['get', 'state'], 'green', colour('--ct-good'), 'asked', '#c77700', 'refused', colour('--ct-late'), 'yields', colour('--ct-late'), 'passed', '#8b949e', 'sent', '#7048b6', 'open', '#7048b6', colour('--ct-calm')];

async function draw(canvas, maps) {
  const { startMap, FONT } = await maps();
  await startMap(canvas);
  const map = canvas.citongMap;
  const read = async () => (await fetch(canvas.dataset.escorts, { headers: { Accept: 'application/geo+json' } })).json();
  const data = await read();
  map.addSource('escorts', { type: 'geojson', data });
  const only = (...what) => ['in', ['get', 'what'], ['literal', what]];
  const strong = (on, off) => ['case', ['get', 'chosen'], on, off];
  map.addLayer({ id: 'ways', type: 'line', source: 'escorts', filter: only('way'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour('--ct-calm'), 'line-width': strong(6, 3), 'line-opacity': strong(0.85, 0.4) } }, map.getLayer('street-names') ? 'street-names' : undefined);
  map.addLayer({ id: 'lights', type: 'circle', source: 'escorts', filter: only('light', 'officer'), paint: { 'circle-color': byState(), 'circle-radius': 7, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2 } });
  map.addLayer({ id: 'ends', type: 'circle', source: 'escorts', filter: only('origin', 'goal'), paint: { 'circle-color': '#fff', 'circle-radius': strong(6, 4), 'circle-stroke-color': ['match', ['get', 'what'], 'goal', colour('--ct-coral'), '#8b949e'], 'circle-stroke-width': ['match', ['get', 'what'], 'goal', 5, 2] } });
  map.addLayer({ id: 'counts', type: 'symbol', source: 'escorts', filter: ['all', only('light'), ['>=', ['coalesce', ['get', 'left'], -1], 0]], layout: { 'text-field': ['concat', ['to-string', ['get', 'left']], ' s'], 'text-font': FONT, 'text-size': 13, 'text-offset': [0, -1.4], 'text-allow-overlap': true }, paint: { 'text-color': byState(), 'text-halo-color': '#fff', 'text-halo-width': 2 } });
  map.addLayer({ id: 'vehicles', type: 'circle', source: 'escorts', filter: only('vehicle'), paint: { 'circle-color': colour('--ct-coral'), 'circle-radius': strong(11, 7), 'circle-stroke-color': '#fff', 'circle-stroke-width': 3 } });
  frame(map, data);
  return async () => map.getSource('escorts').setData(await read());
}

function frame(map, data) {
  const points = data.features.filter((one) => one.properties.chosen || !data.features.some((other) => other.properties.chosen));
  const all = points.flatMap((one) => (one.geometry.type === 'Point' ? [one.geometry.coordinates] : one.geometry.coordinates));
  if (!all.length) return;
  const [lons, lats] = [0, 1].map((axis) => all.map((point) => point[axis]));
  map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 48, animate: false, maxZoom: 16 });
}
