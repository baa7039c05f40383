// A public form in its steps, or the staff's on one page. Without this file it is one page that does the same.
// Each part looks for what it needs and leaves a form alone that has it not.
const WAIT = 600;

const answer = async (url, options = {}) => {
  const response = await fetch(url, { headers: { 'HX-Request': 'true', ...options.headers }, ...options });
  return response.ok ? response.text() : '';
};

const later = (act) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };
};

const field = (form, name) => form.elements.namedItem(name);

function steps(form) {
  const pages = [...form.querySelectorAll('[data-step]')];
  const nav = document.querySelector('[data-report-nav]');
  const [back, next, send] = ['back', 'next', 'send'].map((name) => form.querySelector(`[data-${name}]`));
  let at = 1;

  const show = (step, { focus = true } = {}) => {
    at = step;
    for (const page of pages) page.hidden = Number(page.dataset.step) !== at;
    nav.querySelectorAll('button').forEach((button, index) => {
      button.toggleAttribute('data-done', index + 1 < at);
      if (index + 1 === at) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    });
    back.hidden = at === 1;
    next.hidden = at === pages.length;
    send.hidden = at !== pages.length;
    form.dispatchEvent(new CustomEvent('report:step', { detail: at }));
    if (focus) {
      pages[at - 1].querySelector('input:not([type=hidden]), textarea')?.focus({ preventScroll: true });
      document.querySelector('.public-report').scrollIntoView({ block: 'start' });
    }
  };

  nav.hidden = false;
  nav.addEventListener('click', (event) => event.target.closest('[data-go]') && show(Number(event.target.closest('[data-go]').dataset.go)));
  back.addEventListener('click', () => show(at - 1));
  const fault = (one) => !one.checkValidity() || (one.required && !one.value.trim());
  next.addEventListener('click', () => {
    const wrong = [...pages[at - 1].querySelectorAll('input, select, textarea')].find(fault);
    if (wrong) wrong.reportValidity();
    else show(at + 1);
  });
  form.querySelectorAll('[data-needs-script]').forEach((part) => part.removeAttribute('hidden'));
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches('input:not([type=submit])') && at < pages.length) event.preventDefault();
  });
  show(Number(form.dataset.open) || 1, { focus: false });
  document.getElementById('faults')?.focus();
}

function kinds(form) {
  const box = form.querySelector('[data-kinds]');
  if (!box) return;
  const chosen = field(form, 'category');
  const mark = () => box.querySelectorAll('[data-kind]').forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.kind === chosen.value)));
  const ask = async () => {
    const text = field(form, 'text').value.trim();
    const body = new URLSearchParams({ text, csrfmiddlewaretoken: field(form, 'csrfmiddlewaretoken').value });
    box.innerHTML = text ? await answer(box.dataset.kinds, { method: 'POST', body }) : '';
    mark();
  };
  field(form, 'text').addEventListener('input', later(ask));
  chosen.addEventListener('change', mark);
  box.addEventListener('click', (event) => {
    const chip = event.target.closest('[data-kind]');
    if (!chip) return;
    chosen.value = chosen.value === chip.dataset.kind ? '' : chip.dataset.kind;
    mark();
  });
  if (field(form, 'text').value) ask();
}

function place(form) {
  if (!form.querySelector('[data-where]')) return;
  const [where, nearby, map] = ['where', 'nearby', 'map-later'].map((name) => form.querySelector(`[data-${name}]`));
  const said = form.querySelector('[data-here-said]');
  const [lon, lat, datum, address] = ['lon', 'lat', 'datum', 'address'].map((name) => field(form, name));
  const asked = () => new URLSearchParams({ lon: lon.value, lat: lat.value, datum: datum.value, address: address.value, category: field(form, 'category')?.value ?? '' });

  const look = async () => {
    const query = asked();
    const parts = [[where, where.dataset.where], ...(nearby ? [[nearby, nearby.dataset.nearby]] : [])];
    await Promise.all(parts.map(async ([box, url]) => (box.innerHTML = await answer(`${url}?${query}`))));
  };
  const put = (point) => {
    [lon.value, lat.value, datum.value] = [point.lon.toFixed(6), point.lat.toFixed(6), 'WGS84'];
    map.dispatchEvent(new CustomEvent('citong:grids', { detail: `${map.dataset.near}?near=${lon.value},${lat.value}` }));
    look();
  };

  // A map in a hidden part has no size, so it starts when its step is shown.
  form.addEventListener('report:step', async () => {
    if (map.closest('[hidden]') || map.dataset.map) return;
    map.dataset.map = map.dataset.mapLater;
    (await import('./map.js')).startMap(map);
  });
  map.addEventListener('citong:pick', (event) => {
    said.textContent = '';
    put(event.detail);
  });
  address.addEventListener('input', later(() => !lon.value && look()));
  where.addEventListener('click', (event) => {
    const chip = event.target.closest('[data-address]');
    if (!chip) return;
    address.value = chip.dataset.address;
    look();
  });
  form.querySelector('[data-here]').addEventListener('click', () => {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => {
        const point = { lon: coords.longitude, lat: coords.latitude };
        said.textContent = coords.accuracy > 100 ? said.dataset.rough : '';
        map.dispatchEvent(new CustomEvent('citong:move', { detail: point }));
        put(point);
      },
      () => (said.textContent = said.dataset.refused),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
  if (lon.value || address.value) look();
}

function photos(form) {
  const input = field(form, 'photos');
  const thumbs = form.querySelector('[data-thumbs]');
  if (!input || !thumbs) return;
  input.addEventListener('change', () => {
    thumbs.replaceChildren(
      ...[...input.files].filter((file) => file.type.startsWith('image/')).map((file) => {
        const picture = Object.assign(new Image(), { src: URL.createObjectURL(file), alt: file.name });
        picture.addEventListener('load', () => URL.revokeObjectURL(picture.src), { once: true });
        return picture;
      }),
    );
  });
}

function names(form) {
  const part = form.querySelector('[data-by-name]');
  if (!part) return;
  const turn = () => (part.hidden = form.querySelector('[name=reporting]:checked')?.value === 'anonymous');
  form.addEventListener('change', turn);
  turn();
}

function preview(form) {
  const box = form.querySelector('[data-preview]');
  if (!box) return;
  const list = form.querySelector('[data-preview-list]');
  const words = list.dataset;
  const pages = [...form.querySelectorAll('[data-step]')];
  const line = (label, value) => {
    const row = document.createElement('div');
    row.append(Object.assign(document.createElement('dt'), { textContent: label }), Object.assign(document.createElement('dd'), { textContent: value || words.none }));
    return row;
  };
  const said = (one) => {
    if (one.type === 'file') return one.files.length ? `${one.files.length} ${words.photos}` : '';
    if (one.matches('[type=radio], [type=checkbox]')) return one.checked ? one.closest('label')?.textContent.trim() : '';
    if (one.matches('select')) return one.value && one.selectedOptions[0].textContent.trim();
    return one.value.trim();
  };
  const asked = (page) => [...page.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((one) => !one.closest('[hidden]:not([data-step])'));
  const place = (page) => {
    if (!page.querySelector('[data-where]')) return [];
    return [page.querySelector('.public-where strong')?.textContent ?? (field(form, 'lon').value && words.onMap)];
  };
  const fill = () => {
    list.replaceChildren(...pages.map((page) => line(page.querySelector('legend').textContent.trim(), [...place(page), ...asked(page).map(said)].filter(Boolean).join('\n'))));
    box.hidden = false;
  };
  form.addEventListener('report:step', (event) => event.detail === pages.length && fill());
  form.addEventListener('input', () => box.hidden || fill());
}

// The staff's form is one page without steps.
export function startReport(form) {
  const stepped = Boolean(form.querySelector('[data-step]'));
  [kinds, place, photos, names, ...(stepped ? [preview, steps] : [])].forEach((part) => part(form));
  if (stepped) return;
  form.querySelectorAll('[data-needs-script]').forEach((part) => part.removeAttribute('hidden'));
  form.dispatchEvent(new CustomEvent('report:step', { detail: 1 }));
}
