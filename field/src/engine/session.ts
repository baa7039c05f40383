/** All that is there while the phone is open, and nowhere when it is not. */

import { Door } from './door.ts';
import type { Account, Draft, Id, Progress, Report, Waiting } from './engine.ts';
import type { Keys } from './keys.ts';
import { unsent } from './operations.ts';
import type { Operation } from './operations.ts';
import type { Platform } from './platform.ts';
import { Present } from './present.ts';
import { Queue } from './queue.ts';
import { Reference, filesFirst } from './reference.ts';
import { Shelf } from './shelf.ts';
import { nothing, round } from './sync.ts';
import { Views } from './views.ts';
import { waitingList } from './waiting.ts';

const DAY_MS = 86_400_000;

/** Who this phone speaks for, kept in a box. */
export interface Who {
  account: Account;
  device: { id: Id; name: string };
}

export interface Hearing {
  app: string;
  progress(progress: Progress): void;
  newest(app: string): void;
}

export class Session {
  readonly who: Who;
  readonly shelf: Shelf;
  readonly queue: Queue;
  readonly reference: Reference;
  lastSync: Date | null = null;
  readonly #present: Present;
  readonly #door: Door;
  readonly #platform: Platform;
  #views: Views | null = null;
  #waiting: Waiting[] | null = null;

  private constructor(platform: Platform, shelf: Shelf, who: Who, signing: CryptoKey) {
    this.who = who;
    this.shelf = shelf;
    this.#platform = platform;
    this.queue = new Queue(shelf);
    this.reference = new Reference(shelf);
    this.#present = new Present(shelf, who.account.id);
    this.#door = new Door(platform, { device: who.device.id, key: signing });
  }

  /** `fresh` names who it is for on a phone that holds nothing yet. */
  static async open(platform: Platform, keys: Keys, fresh?: Who): Promise<Session> {
    const shelf = new Shelf(platform.store, keys.data);
    if (fresh) await shelf.put('meta', 'who', fresh);
    const who = fresh ?? (await shelf.get<Who>('meta', 'who'));
    if (!who) throw new Error('the phone does not know whose it is');
    const session = new Session(platform, shelf, who, keys.signing);
    await session.load();
    return session;
  }

  /** Reads all that lies in the store, also what another window has written. */
  async load(): Promise<void> {
    await Promise.all([this.#present.load(), this.queue.load(), this.reference.load()]);
    const last = await this.shelf.get<number>('meta', 'last sync');
    this.lastSync = last ? new Date(last) : null;
    this.changed();
  }

  /** Nothing can be read through it any more. */
  close(): void {
    this.shelf.lock();
  }

  changed(): void {
    this.#views = this.#waiting = null;
  }

  get views(): Views {
    const { forms } = this.reference;
    const ground = { rows: this.#present.rows, forms, branch: this.who.device.id, own: this.queue.own };
    return (this.#views ??= new Views(ground, this.queue.all));
  }

  get waiting(): Waiting[] {
    return (this.#waiting ??= waitingList(this.queue.all, this.views, this.reference.forms, this.queue.have, this.queue.blocked));
  }

  /** Grids whose scopes this phone was given. */
  get grids(): string[] {
    return Object.keys(this.#present.cursors).filter((scope) => scope.startsWith('grid:')).map((scope) => scope.slice(5)).sort();
  }

  async say(draft: Draft, instead?: Id): Promise<Operation> {
    const files = (draft.files ?? []).map(async (one) => ({ ...one, file: await this.#platform.drawnAnew(one.file) }));
    const drawn = { ...draft, files: await Promise.all(files) } as Draft;
    const serviceOf = (id: Id): string | undefined => this.views.cases().find((one) => one.id === id)?.service;
    const setting = {
      at: new Date(this.#platform.now()),
      versionOf: this.views.versionOf.bind(this.views),
      filesFirst: (one: Draft) => filesFirst(one, this.reference.forms, serviceOf),
    };
    const operation = await this.queue.say(drawn, setting, instead);
    this.changed();
    return operation;
  }

  async round(hearing: Hearing): Promise<Report> {
    const { shelf, queue } = this;
    const ground = { shelf, queue, present: this.#present, door: this.#door, world: this.#platform, report: nothing() };
    const report = await round({ ...ground, ...hearing }, this.reference);
    if (!report.trouble) {
      this.lastSync = new Date(this.#platform.now());
      await this.shelf.put('meta', 'last sync', this.lastSync.getTime());
    }
    this.changed();
    return report;
  }

  get oldestUnsent(): Date | null {
    const waits = this.queue.all.filter((one) => unsent(one) || one.standing === 'held' || (one.missing.length > 0 && one.standing !== 'refused'));
    const oldest = waits.map((one) => one.at).sort()[0];
    return oldest ? new Date(oldest) : null;
  }

  get overdue(): boolean {
    const oldest = this.oldestUnsent;
    return oldest !== null && this.#platform.now() - oldest.getTime() > DAY_MS;
  }
}
