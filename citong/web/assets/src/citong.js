// The little that every page does by itself. Behaviour hangs on data- attributes; without this file pages still work.
import '../styles/citong.scss';
import htmx from 'htmx.org';
import { startDialogs } from './dialogs.js';
import { startDraft } from './draft.js';
import { startKeys } from './keys.js';
import { startLive } from './live.js';
import { startPlace } from './place.js';
import { startPhotos } from './photos.js';
import { startReport } from './report.js';
import { startSignature } from './signature.js';

window.htmx = htmx;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '4(00|03|04|09|13|22)', swap: true },
  { code: '[45]..', swap: false, error: true },
];

document.addEventListener('htmx:configRequest', (event) => {
  const token = document.querySelector('meta[name=csrf-token]')?.content;
  if (token) event.detail.headers['X-CSRFToken'] = token;
});

// A second click on a form that is on its way does nothing. The server would do it once anyway.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented || event.target.dataset.sending) return event.target.dataset.sending ? event.preventDefault() : undefined;
  const form = event.target;
  form.dataset.sending = 'yes';
  form.querySelectorAll('button:not([type=button])').forEach((button) => button.setAttribute('aria-busy', 'true'));
  setTimeout(() => ready(form), 8000);
});

const ready = (form) => {
  delete form.dataset.sending;
  form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
};
addEventListener('pageshow', () => document.querySelectorAll('form[data-sending]').forEach(ready));
document.addEventListener('htmx:afterRequest', (event) => event.target.matches?.('form') && ready(event.target));

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-submit]')) event.target.form.requestSubmit();
});
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) print();
});

export function start(root) {
  root.querySelectorAll('[data-report]').forEach(startReport);
  root.querySelectorAll('[data-draft]').forEach(startDraft);
  root.querySelectorAll('input[data-signature]').forEach(startSignature);
  root.querySelectorAll('[data-place]').forEach(startPlace);
  startDialogs(root);
  if (root.querySelector('[data-map]')) import('./map.js').then((maps) => root.querySelectorAll('[data-map]').forEach(maps.startMap));
  if (root.querySelector('[data-escort]')) import('./escort.js').then((escorts) => root.querySelectorAll('[data-escort]').forEach((box) => escorts.startEscort(box, () => import('./map.js'))));
  if (root.querySelector('[data-chart]')) import('./charts.js').then((charts) => root.querySelectorAll('[data-chart]').forEach(charts.startChart));
}

start(document);
startKeys();
startPhotos();
startLive();
document.addEventListener('htmx:load', (event) => event.target !== document.body && start(event.target));
