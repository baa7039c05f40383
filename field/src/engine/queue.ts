/** What was said here and is not wholly with the office: nothing leaves it without an answer, or the worker's own word. */

import type { Draft, Id, Values } from './engine.ts';
import { Trouble } from './engine.ts';
import { cut, whole } from './files.ts';
import { newId } from './ids.ts';
import type { FileRef, Operation } from './operations.ts';
import { speaksOf, subjectOf, unsent } from './operations.ts';
import type { Answer, Row } from './rows.ts';
import type { Shelf } from './shelf.ts';
import type { Put } from './store.ts';
import { Turns } from './turns.ts';

/** What an operation has to know of the world when it is said. */
export interface Setting {
  at: Date;
  /** The version of a record or tie as it stands here. */
  versionOf(what: Row['what'], id: Id): number | null;
  filesFirst(draft: Draft): boolean;
}

type Own = Record<Id, Record<string, number>>;

/** Kinds that begin something which later operations speak of. */
const BEGINS = new Set<Operation['kind']>(['record', 'tie', 'open']);

export class Queue {
  readonly #shelf: Shelf;
  readonly #turns = new Turns();
  #operations = new Map<Id, Operation>();
  #own: Own = {};
  #have = new Map<string, number>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Reads what lies there; also what another tab has said meanwhile. */
  load(): Promise<void> {
    return this.#turns.take(() => this.#load());
  }

  async #load(): Promise<void> {
    const lying = await this.#shelf.all<Operation>('operations');
    this.#own = (await this.#shelf.get<Own>('meta', 'own')) ?? {};
    const sending = new Set([...this.#operations.values()].filter((one) => one.standing === 'sending').map((one) => one.id));
    const loaded = lying.map(({ value }) => value).sort((a, b) => a.order - b.order);
    for (const one of loaded) if (sending.has(one.id) && one.standing === 'queued') one.standing = 'sending';
    this.#operations = new Map(loaded.map((one) => [one.id, one]));
  }

  get all(): Operation[] {
    return [...this.#operations.values()];
  }

  get own(): Own {
    return this.#own;
  }

  get(id: Id): Operation | undefined {
    return this.#operations.get(id);
  }

  /** How much of a file the office has. */
  have = (hash: string): number => this.#have.get(hash) ?? 0;

  /** Kept when this resolves. With `instead`, a refused one is put away in the same go, and who built on it builds on this. */
  say(draft: Draft, setting: Setting, instead?: Id): Promise<Operation> {
    return this.#turns.take(() => this.#say(draft, setting, instead));
  }

  async #say(draft: Draft, setting: Setting, instead?: Id): Promise<Operation> {
    const { refs, puts } = await cut(this.#shelf, draft.files ?? []);
    const operation = this.#made(draft, refs, setting, instead);
    const { again, followers } = instead ? this.#withIt(instead, operation.id, setting) : { again: [], followers: [] };
    const over = again.map((one) => one.instead!);
    await this.#write([operation, ...again, ...followers], [...(instead ? this.#dropping(instead) : []), { table: 'operations', drop: over }, ...puts]);
    for (const id of instead ? [instead, ...over] : []) this.#operations.delete(id);
    return operation;
  }

  /** What a refused operation said, to be said again. */
  async draft(id: Id): Promise<Draft> {
    const { kind, subject, data, first } = this.#needed(id);
    const { files, ...rest } = data;
    const attached = (files ?? []).map(async (ref) => ({ field: ref.field, name: ref.name, file: await whole(this.#shelf, ref) }));
    return { kind, subject, data: rest, first, files: await Promise.all(attached) } as unknown as Draft;
  }

  /** Puts away for good what was refused; what built on it stands for itself now. */
  drop(id: Id): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#needed(id).standing !== 'refused') throw new Trouble('storage', 'only what was refused can be put away');
      await this.#write(this.#followers(id, null), this.#dropping(id));
      this.#operations.delete(id);
    });
  }

  /** A conflict was looked at; it goes when the office's row and its files are where they belong. */
  seen(id: Id): Promise<void> {
    return this.#turns.take(async () => {
      const one = this.#needed(id);
      if (one.standing === 'conflict') await this.#write([{ ...one, standing: 'settling' }], []);
    });
  }

  /** Takes the office's answers, all in one go. */
  answered(answers: Answer[], at: Date): Promise<Operation[]> {
    return this.#turns.take(() => this.#answered(answers, at));
  }

  async #answered(answers: Answer[], at: Date): Promise<Operation[]> {
    const known = answers.filter((one) => this.#operations.has(one.id));
    const changed = known.map((answer) => this.#after(this.#operations.get(answer.id)!, answer, at));
    for (const [index, one] of changed.entries()) this.#remember(one, known[index]!);
    const own = await this.#shelf.boxed('meta', 'own', this.#own);
    await this.#write(changed, [{ table: 'meta', put: [own] }]);
    return changed;
  }

  /** The office has so much of a file; all of it is no longer missing. */
  fileHas(hash: string, bytes: number, of: number): Promise<void> {
    return this.#turns.take(async () => {
      this.#have.set(hash, bytes);
      const waits = this.all.filter((one) => one.missing.includes(hash));
      if (bytes < of || waits.length === 0) return;
      await this.#write(waits.map((one) => ({ ...one, missing: one.missing.filter((other) => other !== hash) })), []);
    });
  }

  /** Lets go of what is done, its files sent, and the office's own row of it here. */
  settle(here: (operation: Operation) => boolean): Promise<void> {
    return this.#turns.take(() => this.#settle(here));
  }

  async #settle(here: (operation: Operation) => boolean): Promise<void> {
    const arrived = this.all.filter((one) => one.answer && one.shows && !unsent(one) && one.standing !== 'held' && here(one));
    const over = arrived.filter((one) => one.standing === 'settling' && one.missing.length === 0);
    const hidden = arrived.filter((one) => !over.includes(one)).map((one) => ({ ...one, shows: false }));
    const late = this.all.filter((one) => one.standing === 'settling' && !one.shows && one.missing.length === 0 && one.answer);
    const gone = [...over, ...late];
    if (gone.length + hidden.length === 0) return;
    await this.#write(hidden, gone.flatMap((one) => this.#dropping(one.id, gone)));
    for (const one of gone) this.#operations.delete(one.id);
    await this.#forgetOwn();
  }

  /** Whether it builds on something that was refused and would not be understood without it. */
  blocked = (operation: Operation): boolean => {
    const before = operation.after ? this.#operations.get(operation.after) : undefined;
    if (!before) return false;
    return (before.standing === 'refused' && BEGINS.has(before.kind)) || (unsent(before) && this.blocked(before));
  };

  #made(draft: Draft, refs: FileRef[], setting: Setting, instead?: Id): Operation {
    const before = instead ? this.#needed(instead) : undefined;
    const id = newId(setting.at.getTime());
    const about = draft.subject ?? subjectOf(draft.kind, draft.data as unknown as Values);
    const subject = about ?? before?.subject ?? newId(setting.at.getTime());
    const data = { ...(draft.data as unknown as Values), ...(refs.length ? { files: refs } : {}) };
    return {
      id, kind: draft.kind, subject, data,
      base: based(draft.kind, subject, setting),
      after: this.#lastOn([subject, ...speaksOf(draft.kind, data)], instead),
      instead: instead ?? null,
      at: setting.at.toISOString(),
      first: draft.first ?? false,
      // What is said instead stands where the refused one stood, before those that build on it.
      order: before?.order ?? Math.max(setting.at.getTime(), 1 + Math.max(0, ...this.all.map((one) => one.order))),
      standing: 'queued', answer: null, answeredAt: null,
      missing: [...new Set(refs.map((ref) => ref.sha256))],
      filesFirst: refs.length > 0 && setting.filesFirst(draft),
      shows: true,
    };
  }

  /** The last operation that speaks of one of these and that the office has not answered for good. */
  #lastOn(ids: Id[], besides?: Id): Id | null {
    const open = this.all.filter((one) => one.id !== besides && (unsent(one) || one.standing === 'held' || (one.standing === 'refused' && BEGINS.has(one.kind))));
    const about = open.filter((one) => one.kind !== 'look' && one.kind !== 'read' && ids.includes(one.subject));
    return about.sort((a, b) => b.order - a.order)[0]?.id ?? null;
  }

  #after(one: Operation, answer: Answer, at: Date): Operation {
    const told = { ...one, answer, answeredAt: at.toISOString() };
    switch (answer.result) {
      case 'refused':
        return { ...told, standing: 'refused', shows: false };
      case 'held':
      case 'conflict':
        return { ...told, standing: answer.result };
      default:
        return { ...told, standing: 'settling' };
    }
  }

  /** Which of the office's versions are this phone's own word, so that it is not surprised by itself. */
  #remember(one: Operation, { version, result }: Answer): void {
    if (version === undefined || version === null || result === 'refused' || result === 'held') return;
    const fields = Object.keys(((one.kind === 'change' ? one.data['set'] : one.kind === 'record' ? one.data['values'] : null) as Values) ?? {});
    if (fields.length === 0) return;
    this.#own = { ...this.#own, [one.subject]: { ...this.#own[one.subject], ...Object.fromEntries(fields.map((name) => [name, version])) } };
  }

  async #forgetOwn(): Promise<void> {
    const spoken = new Set(this.all.map((one) => one.subject));
    const kept = Object.entries(this.#own).filter(([record]) => spoken.has(record));
    if (kept.length === Object.keys(this.#own).length) return;
    this.#own = Object.fromEntries(kept);
    await this.#shelf.put('meta', 'own', this.#own);
  }

  /** What was refused because it built on the refused one is said again after its mending; the rest builds on the new ones. */
  #withIt(id: Id, instead: Id, { at }: Setting): { again: Operation[]; followers: Operation[] } {
    const renamed = new Map([[id, instead]]);
    const again: Operation[] = [];
    for (const one of this.all.sort((a, b) => a.order - b.order)) {
      const after = one.after && renamed.get(one.after);
      if (one.standing !== 'refused' || !after) continue;
      renamed.set(one.id, newId(at.getTime()));
      again.push({ ...one, id: renamed.get(one.id)!, instead: one.id, after, standing: 'queued', answer: null, answeredAt: null, shows: true });
    }
    return { again, followers: [...renamed].flatMap(([old, fresh]) => this.#followers(old, fresh)) };
  }

  #followers(id: Id, instead: Id | null): Operation[] {
    return this.all.filter((one) => one.after === id && unsent(one)).map((one) => ({ ...one, after: instead }));
  }

  #dropping(id: Id, withThese: Operation[] = []): Put[] {
    const going = new Set([id, ...withThese.map((one) => one.id)]);
    const kept = new Set(this.all.filter((one) => !going.has(one.id)).flatMap((one) => (one.data.files ?? []).map((ref) => ref.sha256)));
    const files = (this.#operations.get(id)?.data.files ?? []).filter((ref) => !kept.has(ref.sha256));
    return [{ table: 'operations', drop: [id] }, ...files.map((ref): Put => ({ table: 'pieces', dropScope: ref.sha256 }))];
  }

  async #write(changed: Operation[], more: Put[]): Promise<void> {
    const boxes = await Promise.all(changed.map((one) => this.#shelf.boxed('operations', one.id, { ...one, standing: one.standing === 'sending' ? 'queued' : one.standing })));
    await this.#shelf.write([...more, ...(boxes.length ? [{ table: 'operations' as const, put: boxes }] : [])]);
    for (const one of changed) this.#operations.set(one.id, one);
  }

  #needed(id: Id): Operation {
    const found = this.#operations.get(id);
    if (!found) throw new Trouble('storage', 'there is no such operation');
    return found;
  }
}

function based(kind: Operation['kind'], subject: Id, setting: Setting): number | null {
  if (kind === 'change' || kind === 'end') return setting.versionOf('record', subject) ?? 0;
  return kind === 'untie' ? (setting.versionOf('tie', subject) ?? 0) : null;
}
