/** The office's rows: in memory while the phone is open, boxed by scope in the store. */

import { sha256, utf8 } from './bytes.ts';
import type { Id } from './engine.ts';
import type { Key } from './overlay.ts';
import { key } from './overlay.ts';
import type { Cursors, Row, Told } from './rows.ts';
import type { Shelf } from './shelf.ts';
import type { Boxed, Put } from './store.ts';
import { Turns } from './turns.ts';

interface Held {
  row: Row;
  /** The scopes that told it. */
  scopes: Set<string>;
}

const BATCH = 400;

export class Present {
  readonly #shelf: Shelf;
  readonly #account: Id;
  readonly #turns = new Turns();
  readonly #held = new Map<Key, Held>();
  readonly #rows = new Map<Key, Row>();
  #cursors: Cursors = {};

  constructor(shelf: Shelf, account: Id) {
    this.#shelf = shelf;
    this.#account = account;
  }

  get rows(): ReadonlyMap<Key, Row> {
    return this.#rows;
  }

  get cursors(): Readonly<Cursors> {
    return this.#cursors;
  }

  load(): Promise<void> {
    return this.#turns.take(() => this.#load());
  }

  async #load(): Promise<void> {
    const lying = await this.#shelf.all<Row>('rows');
    const cursors = (await this.#shelf.get<Cursors>('meta', 'cursors')) ?? {};
    this.#held.clear();
    this.#rows.clear();
    for (const { scope, value } of lying) this.#hold(value, scope);
    this.#cursors = cursors;
  }

  /** Takes in what changed, and the cursors behind it, in one go. */
  take(told: Told[], cursors: Cursors): Promise<void> {
    return this.#turns.take(() => this.#take(told, cursors));
  }

  async #take(told: Told[], cursors: Cursors): Promise<void> {
    const next = { ...this.#cursors, ...cursors };
    const placed = told.map((one) => [one, this.#scopesOf(one)] as const);
    const boxes = await this.#boxes(placed);
    const drop = placed.flatMap(([one, scopes]) => ('gone' in one ? scopes.map((scope) => rowId(scope, one)) : []));
    await this.#shelf.write([
      { table: 'rows', put: boxes },
      { table: 'rows', drop },
      { table: 'meta', put: [await this.#shelf.boxed('meta', 'cursors', next)] },
    ]);
    for (const [one, scopes] of placed) for (const scope of scopes) this.#takeOne(one, scope);
    this.#cursors = next;
  }

  /** A scope told whole. Its cursor stands only when all of it lies here: what breaks off begins again. */
  fill(scope: string, cursor: string, told: Told[], done: (rows: number) => void = () => {}): Promise<void> {
    return this.#turns.take(() => this.#fill(scope, cursor, told, done));
  }

  async #fill(scope: string, cursor: string, told: Told[], done: (rows: number) => void): Promise<void> {
    const rows = told.filter((one): one is Row & { scope?: string } => !('gone' in one));
    for (let at = 0; at < rows.length; at += BATCH) {
      const some = rows.slice(at, at + BATCH);
      await this.#shelf.write([{ table: 'rows', put: await this.#boxes(some.map((row) => [row, [scope]])) }]);
      done(at + some.length);
    }
    const now = new Set(rows.map((row) => rowId(scope, row)));
    const old = (await this.#shelf.ids('rows', scope)).filter((id) => !now.has(id));
    const next = { ...this.#cursors, [scope]: cursor };
    const meta = await this.#shelf.boxed('meta', 'cursors', next);
    await this.#shelf.write([{ table: 'rows', drop: old }, { table: 'meta', put: [meta] }]);
    this.#letGo(scope);
    for (const row of rows) this.#hold(stripped(row), scope);
    this.#cursors = next;
  }

  /** Forgets a scope; `more` is written in the same go. */
  forget(scope: string, more: Put[] = []): Promise<void> {
    return this.#turns.take(() => this.#forget(scope, more));
  }

  async #forget(scope: string, more: Put[]): Promise<void> {
    const { [scope]: _, ...next } = this.#cursors;
    const meta = await this.#shelf.boxed('meta', 'cursors', next);
    await this.#shelf.write([{ table: 'rows', dropScope: scope }, { table: 'meta', put: [meta] }, ...more]);
    this.#letGo(scope);
    this.#cursors = next;
  }

  /** Per scope how many rows lie here, and the hash of their sorted names and versions. */
  async footprint(): Promise<Record<string, [number, string]>> {
    const lines: Record<string, string[]> = Object.fromEntries(Object.keys(this.#cursors).map((scope) => [scope, []]));
    for (const { row, scopes } of this.#held.values())
      for (const scope of scopes) lines[scope]?.push(`${row.what}:${row.id}:${'version' in row ? row.version : 0}\n`);
    const told = Object.entries(lines).map(async ([scope, all]) => [scope, [all.length, await sha256(utf8(all.sort().join('')))]] as const);
    return Object.fromEntries(await Promise.all(told)) as Record<string, [number, string]>;
  }

  async #boxes(placed: (readonly [Told, string[]])[]): Promise<Boxed[]> {
    const boxes = placed.flatMap(([one, scopes]) =>
      'gone' in one ? [] : scopes.map((scope) => this.#shelf.boxed('rows', rowId(scope, one), stripped(one), { what: one.what, scope })),
    );
    return Promise.all(boxes);
  }

  #takeOne(told: Told, scope: string): void {
    if (!('gone' in told)) this.#hold(stripped(told), scope);
    else this.#release(key(told.what, told.id), scope);
  }

  #hold(row: Row, scope: string): void {
    const at = key(row.what, row.id);
    const held = this.#held.get(at) ?? { row, scopes: new Set() };
    held.scopes.add(scope);
    if ((row.version ?? 0) >= (held.row.version ?? 0)) held.row = row;
    this.#held.set(at, held);
    this.#rows.set(at, held.row);
  }

  #release(at: Key, scope: string): void {
    const held = this.#held.get(at);
    if (!held?.scopes.delete(scope) || held.scopes.size > 0) return;
    this.#held.delete(at);
    this.#rows.delete(at);
  }

  #letGo(scope: string): void {
    for (const at of [...this.#held.keys()]) this.#release(at, scope);
  }

  /** The scope that told it; where the row does not say, the one it must belong to. */
  #scopesOf(told: Told): string[] {
    if (told.scope) return [told.scope];
    if ('gone' in told) return [...(this.#held.get(key(told.what, told.id))?.scopes ?? [])];
    if (told.what === 'record') return [`grid:${told.grid}`];
    const of = told.what === 'tie' ? [told.subject, told.object] : told.what === 'household' ? [told.id] : [];
    for (const id of of) {
      const held = this.#held.get(key('record', id));
      if (held) return [...held.scopes];
    }
    return [`account:${this.#account}`];
  }
}

const rowId = (scope: string, { what, id }: { what: string; id: Id }): string => `${scope}|${what}:${id}`;

function stripped(told: Row & { scope?: string }): Row {
  const { scope: _, ...row } = told;
  return row as Row;
}
