/** A phone on a bench: the real engine on an in-memory database, with a clock and a line that the test moves. */

import 'fake-indexeddb/auto';
import type { Engine, Place } from '../engine.ts';
import { Phone } from '../phone.ts';
import type { News, Platform } from '../platform.ts';
import type { RecordRow } from '../rows.ts';
import { Store } from '../store.ts';
import type { Renewal } from '../update.ts';
import { Office } from './office.ts';

export const PIN = '135790';
export const MONDAY = Date.parse('2026-11-23T12:30:00Z');
export const GRID = 'grid:350502001001';

const renewal: Renewal = { version: 'v1', ready: false, look() {}, formOpen: () => () => {}, take() {}, takeQuietly() {} };
let count = 0;

export class Bench {
  clock = MONDAY;
  office = new Office(() => this.clock);
  name = `bench-${(count += 1)}`;
  store = new Store(this.name);
  heard: News[] = [];
  hearers: ((news: News) => void)[] = [];
  free = true;

  platform(): Platform {
    return {
      store: this.store,
      fetch: this.office.fetch,
      now: () => this.clock,
      random: () => 0.5,
      sleep: async () => {},
      later: () => () => {},
      drawnAnew: async (file) => file,
      placeNow: async (): Promise<Place> => ({ lon: 118.6, lat: 24.9, accuracy: 10 }),
      alone: async (work) => (this.free ? work() : null),
      tell: (news) => void this.heard.push(news),
      hear: (fn) => void this.hearers.push(fn),
      lineUp: () => true,
      onLine: () => {},
      storage: async () => ({ persisted: false, used: 0, quota: 0 }),
      askPersistence: async () => true,
    };
  }

  /** The app, started anew on the same store. */
  async started(): Promise<Engine> {
    return new Phone(this.platform(), renewal, 1000).start();
  }

  /** Enrolled, with its first round done. */
  async phone(): Promise<Engine> {
    const phone = await this.started();
    await phone.enrol('我的手机', PIN);
    await phone.sync();
    return phone;
  }

  pass(minutes: number): void {
    this.clock += minutes * 60_000;
  }

  /** Every byte that lies in the database, as text. */
  async raw(): Promise<string> {
    const { Dexie } = await import('dexie');
    const db = await new Dexie(this.name).open();
    const parts: string[] = [];
    for (const table of db.tables) for (const row of await table.toArray()) parts.push(table.name, readable(row));
    db.close();
    return parts.join('\n');
  }
}

function readable(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof CryptoKey) return `extractable:${value.extractable}`;
  if (value && typeof value === 'object') return Object.entries(value).map(([name, one]) => `${name}=${readable(one)}`).join(' ');
  return String(value);
}

export function person(number: number, values: Record<string, unknown> = {}, version = 1): RecordRow {
  const all = { name: `陈志强${number}`, phone: `1380000000${number}`, ...values };
  const said = Object.fromEntries(Object.keys(all).map((name) => [name, version]));
  return { what: 'record', id: personId(number), version, kind: 'person', name: String(all.name), grid: '350502001001', at: null, values: all, said };
}

export const personId = (number: number): string => `0192f000-0002-7000-8000-${String(number).padStart(12, '0')}`;
