/** What lies on the phone: ids and scopes in clear, all else in boxes.
 *
 * A later shape of the tables is a new `version` with its `upgrade`; none is ever taken away.
 */

import type { Table } from 'dexie';
import { Dexie } from 'dexie';
import { Trouble } from './engine.ts';
import type { Ring } from './keys.ts';
import type { Box } from './seal.ts';

export interface Boxed {
  id: string;
  what: string;
  scope: string;
  box: Box;
}

export const TABLES = ['rows', 'operations', 'pieces', 'drafts', 'meta'] as const;
export type TableName = (typeof TABLES)[number];

export type Put = { table: TableName; put: Boxed[] } | { table: TableName; drop: string[] } | { table: TableName; dropScope: string };

export class Store {
  readonly #db: Dexie;

  constructor(name = 'citong-field') {
    this.#db = new Dexie(name);
    this.#db.version(1).stores({
      ring: 'id', rows: 'id, scope', operations: 'id', pieces: 'id, scope', drafts: 'id', meta: 'id',
    });
  }

  ring(): Promise<Ring | undefined> {
    return this.#run(() => this.#db.table<Ring, string>('ring').get('ring'));
  }

  async putRing(ring: Ring): Promise<void> {
    await this.#run(() => this.#db.table('ring').put(ring));
  }

  /** Changes the ring in one go, whatever another tab does; answers what stands then. */
  async changeRing(change: (ring: Ring) => void): Promise<Ring | undefined> {
    await this.#run(() => this.#db.table<Ring, string>('ring').toCollection().modify(change));
    return this.ring();
  }

  all(table: TableName, scope?: string): Promise<Boxed[]> {
    return this.#run(() => (scope === undefined ? this.#table(table).toArray() : this.#table(table).where({ scope }).toArray()));
  }

  get(table: TableName, id: string): Promise<Boxed | undefined> {
    return this.#run(() => this.#table(table).get(id));
  }

  /** All of it or nothing. */
  async write(puts: Put[]): Promise<void> {
    const names = [...new Set(puts.map((one) => one.table))];
    if (names.length === 0) return;
    await this.#run(() =>
      this.#db.transaction('rw', names, async () => {
        for (const one of puts) {
          if ('put' in one) await this.#table(one.table).bulkPut(one.put);
          else if ('drop' in one) await this.#table(one.table).bulkDelete(one.drop);
          else await this.#table(one.table).where({ scope: one.dropScope }).delete();
        }
      }),
    );
  }

  /** Deletes all of it. */
  async wipe(): Promise<void> {
    await this.#db.delete({ disableAutoOpen: false });
  }

  close(): void {
    this.#db.close();
  }

  #table(name: TableName): Table<Boxed, string> {
    return this.#db.table(name);
  }

  /** Systems close the database of an app they put aside; it is opened again, and the work done then. */
  async #run<T>(work: () => PromiseLike<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (full(error)) throw new Trouble('full');
      if (!closed(error)) throw new Trouble('storage', String(error));
    }
    try {
      this.#db.close();
      await this.#db.open();
      return await work();
    } catch (error) {
      throw new Trouble(full(error) ? 'full' : 'storage', String(error));
    }
  }
}

const CLOSED = ['DatabaseClosedError', 'InvalidStateError', 'UnknownError', 'AbortError', 'TransactionInactiveError', 'OpenFailedError'];

function names(error: unknown): string[] {
  const { name, inner } = (error ?? {}) as { name?: string; inner?: unknown };
  return [name ?? '', ...(inner && inner !== error ? names(inner) : [])];
}

const full = (error: unknown): boolean => names(error).includes('QuotaExceededError');
const closed = (error: unknown): boolean => names(error).some((name) => CLOSED.includes(name));
