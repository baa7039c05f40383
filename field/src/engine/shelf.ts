/** The store, through the data key: values go in and come out, boxes lie there. */

import type { Bytes } from './bytes.ts';
import { Trouble } from './engine.ts';
import { close, closeValue, open, openValue } from './seal.ts';
import type { Boxed, Put, Store, TableName } from './store.ts';

export interface Lying<T> {
  id: string;
  scope: string;
  value: T;
}

export class Shelf {
  readonly #store: Store;
  #key: CryptoKey | null;

  constructor(store: Store, key: CryptoKey) {
    this.#store = store;
    this.#key = key;
  }

  /** Nothing can be read or written through this shelf any more. */
  lock(): void {
    this.#key = null;
  }

  async boxed(table: TableName, id: string, value: unknown, { what = table as string, scope = '' } = {}): Promise<Boxed> {
    return { id, what, scope, box: await closeValue(this.#open(), `${table}/${id}`, value) };
  }

  async boxedBytes(table: TableName, id: string, bytes: Bytes, scope: string): Promise<Boxed> {
    return { id, what: 'bytes', scope, box: await close(this.#open(), `${table}/${id}`, bytes) };
  }

  async put(table: TableName, id: string, value: unknown): Promise<void> {
    await this.write([{ table, put: [await this.boxed(table, id, value)] }]);
  }

  async drop(table: TableName, id: string): Promise<void> {
    await this.write([{ table, drop: [id] }]);
  }

  async write(puts: Put[]): Promise<void> {
    this.#open();
    await this.#store.write(puts);
  }

  async get<T>(table: TableName, id: string): Promise<T | undefined> {
    const found = await this.#store.get(table, id);
    return found && (await this.#value<T>(table, found)).value;
  }

  async bytes(table: TableName, id: string): Promise<Bytes | undefined> {
    const found = await this.#store.get(table, id);
    return found && open(this.#open(), `${table}/${id}`, found.box);
  }

  async all<T>(table: TableName, scope?: string): Promise<Lying<T>[]> {
    const found = await this.#store.all(table, scope);
    return Promise.all(found.map((one) => this.#value<T>(table, one)));
  }

  /** The ids of a scope, without opening anything. */
  async ids(table: TableName, scope: string): Promise<string[]> {
    return (await this.#store.all(table, scope)).map((one) => one.id);
  }

  async #value<T>(table: TableName, { id, scope, box }: Boxed): Promise<Lying<T>> {
    return { id, scope, value: (await openValue(this.#open(), `${table}/${id}`, box)) as T };
  }

  #open(): CryptoKey {
    if (!this.#key) throw new Trouble('locked');
    return this.#key;
  }
}
