/** The service worker: keeps the built files of one version, so that the app starts without a network.
 *
 * It knows nothing of what the app stores, and answers nothing of the door's: only the shell and the built files.
 */

const sw = self as unknown as ServiceWorkerGlobalScope;
declare const __VERSION__: string; // both are written by vite.config.ts
declare const __KEPT__: string[];

const VERSION = __VERSION__;
const CACHE = `citong-field-${VERSION}`;
const SHELL = '/field/';
const KEPT = new Set(__KEPT__);

sw.addEventListener('install', (event) => {
  event.waitUntil(keep());
});

sw.addEventListener('activate', (event) => {
  event.waitUntil(leaveOthers().then(() => sw.clients.claim()));
});

sw.addEventListener('message', (event) => {
  if (event.data === 'take') void sw.skipWaiting();
  if (event.data === 'version') event.source?.postMessage({ version: VERSION });
});

sw.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== sw.location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === SHELL) event.respondWith(kept(SHELL, event.request));
  else if (KEPT.has(url.pathname)) event.respondWith(kept(url.pathname, event.request));
});

/** All or nothing: with one file missing the version is not installed, and the old one goes on. */
async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  // A name with a hash in it never means anything else; all others are fetched past the browser's own cache.
  await cache.addAll([...KEPT].map((path) => new Request(path, { cache: path.includes('/assets/') ? 'default' : 'reload' })));
}

async function leaveOthers(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith('citong-field-') && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function kept(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path, { ignoreVary: true })) ?? fetch(request);
}
