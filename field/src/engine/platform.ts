/** What the engine needs of the browser; the tests bring a world of their own. */

import type { World } from './door.ts';
import type { Place, Storage } from './engine.ts';
import { drawnAnew } from './photo.ts';
import { placeNow } from './place.ts';
import type { Timers } from './rhythm.ts';
import { Store } from './store.ts';

export type News = 'changed' | 'wiped';

export interface Platform extends World, Timers {
  store: Store;
  drawnAnew(file: Blob): Promise<Blob>;
  placeNow(): Promise<Place>;
  /** Does the work unless another window is at it; null then. */
  alone<T>(work: () => Promise<T>): Promise<T | null>;
  /** Tells the other windows of this app. */
  tell(news: News): void;
  hear(fn: (news: News) => void): void;
  lineUp(): boolean;
  onLine(fn: (up: boolean) => void): void;
  storage(): Promise<Storage>;
  askPersistence(): Promise<boolean>;
}

export function browser(): Platform {
  const channel = new BroadcastChannel('citong-field');
  return {
    store: new Store(),
    fetch: (path, init) => fetch(path, init),
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    drawnAnew,
    placeNow,
    alone: (work) => navigator.locks.request('citong-field-round', { ifAvailable: true }, async (lock) => (lock ? work() : null)),
    tell: (news) => channel.postMessage(news),
    hear: (fn) => channel.addEventListener('message', (event: MessageEvent<News>) => fn(event.data)),
    lineUp: () => navigator.onLine,
    onLine(fn) {
      addEventListener('online', () => fn(true));
      addEventListener('offline', () => fn(false));
    },
    storage,
    askPersistence: async () => (await navigator.storage?.persist?.()) ?? false,
  };
}

async function storage(): Promise<Storage> {
  const [persisted, estimate] = await Promise.all([navigator.storage?.persisted?.(), navigator.storage?.estimate?.()]);
  return { persisted: persisted ?? false, used: estimate?.usage ?? 0, quota: estimate?.quota ?? 0 };
}
