/** An engine without a server, for work on the screens: `?made-up` in development. The PIN is 135790. */

import type { Attached, Code, Draft, Drafts, Engine, Id, Kept, Place, Progress, Report, State, Storage, Values, Waiting } from './engine.ts';
import { Trouble } from './engine.ts';
import { newId } from './ids.ts';
import { FORMS } from './made_up_forms.ts';
import { madeUpId, madeUpMap, madeUpRows } from './made_up_rows.ts';
import type { Operation, Standing } from './operations.ts';
import { subjectOf, unsent } from './operations.ts';
import { key } from './overlay.ts';
import { Views } from './views.ts';
import { waitingList } from './waiting.ts';

const PIN = '135790';
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export class MadeUp implements Engine {
  state: State = 'locked';
  account = { id: madeUpId(0, 1), name: '蔡晓燕', language: 'zh-hans' };
  device = { id: madeUpId(0, 2), name: '我的手机' };
  triesLeft = 10;
  version = 'made-up';
  updateReady = true;
  online = true;
  lastSync: Date | null = null;
  busy: Progress | null = null;
  problem: Code | null = null;
  overdue = true;

  #rows = new Map(madeUpRows(new Date()).map((row) => [key(row.what, row.id), row]));
  #operations: Operation[] = [];
  #files = new Map<Id, Attached[]>();
  #kept = new Map<string, Kept>();
  #listeners = new Set<() => void>();
  #views = this.#made();
  #order = 0;

  constructor(state: State = 'locked') {
    this.state = state;
    this.#wait({ kind: 'change', subject: madeUpId(2, 3), data: { set: { phone: '13800001234' }, source: 'told', on: '2026-11-20' } }, 'conflict', '办公室昨天也改了电话，以您的为准，办公室会看到两个号码。');
    this.#wait({ kind: 'change', subject: madeUpId(2, 5), data: { set: { phone: '138' }, source: 'told', on: '2026-11-20' } }, 'refused', '请改正标出的项目。', { phone: ['这不是电话号码：手机号码应为 11 位。'] });
    this.#wait({ kind: 'tie', subject: newId(), data: { kind: 'owns', subject: madeUpId(2, 5), object: madeUpId(1, 5), since: '2026-11-20', source: 'told' } }, 'held', '正在等待前一项先送达。');
  }

  async signedIn() {
    return this.account;
  }

  async enrol(name: string, pin: string): Promise<void> {
    if (!/^\d{6}$/.test(pin)) throw new Trouble('pin');
    this.device.name = name;
    this.busy = { phase: 'first', done: 0, of: 300 };
    this.#change('open');
    for (const done of [80, 160, 240, 300]) {
      await wait(400);
      this.busy = { phase: 'first', done, of: 300 };
      this.#change();
    }
    this.busy = null;
    this.#change();
  }

  async unlock(pin: string): Promise<'open' | 'wrong' | 'sealed'> {
    await wait(300);
    if (pin === PIN) {
      this.triesLeft = 10;
      this.#change('open');
      return 'open';
    }
    this.triesLeft -= 1;
    this.#change(this.triesLeft ? 'locked' : 'sealed');
    return this.triesLeft ? 'wrong' : 'sealed';
  }

  async recover(): Promise<void> {
    this.triesLeft = 10;
    this.#change('open');
  }

  lock(): void {
    this.#change('locked');
  }

  async wipe(): Promise<void> {
    this.#operations = [];
    this.#change('new');
  }

  async sync(): Promise<Report> {
    this.busy = { phase: 'pushing', done: 0, of: this.waiting().length };
    this.#change();
    await wait(800);
    const sent = this.#operations.filter(unsent);
    for (const one of sent) one.standing = 'settling';
    this.busy = null;
    this.lastSync = new Date();
    this.#change();
    return { sent: sent.length, conflicts: 0, refused: 0, held: 0, received: 0, trouble: null };
  }

  records = (kind?: string) => this.#views.records(kind);
  record = (id: Id) => this.#views.record(id);
  find = (text: string, kind?: string) => this.#views.find(text, kind);
  ties = (id: Id) => this.#views.ties(id);
  households = () => this.#views.households();
  plan = () => this.#views.plan();
  cases = () => this.#views.cases();
  notices = () => this.#views.notices();
  proposals = () => this.#views.proposals();
  grids = () => this.#views.grids();
  forms = () => FORMS;
  #map = madeUpMap();
  map = () => this.#map;

  async look(record: Id, fields: string[], purpose: string): Promise<Values> {
    await this.say({ kind: 'look', subject: record, data: { fields, purpose } });
    const whole = this.#views.whole(record) ?? {};
    return Object.fromEntries(fields.map((name) => [name, whole[name]]));
  }

  async say(draft: Draft): Promise<Id> {
    const operation = this.#wait(draft);
    this.#change();
    return operation.subject;
  }

  waiting(): Waiting[] {
    return waitingList(this.#operations, this.#views, FORMS, () => 0, () => false);
  }

  async edit(id: Id): Promise<Draft> {
    const { kind, subject, data, first } = this.#operations.find((one) => one.id === id)!;
    return { kind, subject, data, first, files: this.#files.get(id) ?? [] } as unknown as Draft;
  }

  async sayInstead(id: Id, draft: Draft): Promise<Id> {
    await this.drop(id);
    return this.say(draft);
  }

  async drop(id: Id): Promise<void> {
    this.#operations = this.#operations.filter((one) => one.id !== id);
    this.#change();
  }

  seen = (id: Id): Promise<void> => this.drop(id);
  exportWaiting = async (): Promise<Blob> => new Blob([JSON.stringify(this.#operations)], { type: 'application/json' });
  get oldestUnsent(): Date | null {
    return new Date(Date.now() - 30 * 3_600_000);
  }

  drafts: Drafts = {
    save: async (name, values, files = []) => void this.#kept.set(name, { key: name, values, files, at: new Date().toISOString() }),
    load: async (name) => this.#kept.get(name) ?? null,
    drop: async (name) => void this.#kept.delete(name),
    list: async () => [...this.#kept.values()],
  };

  storage = async (): Promise<Storage> => ({ persisted: false, used: 3_400_000, quota: 900_000_000 });
  askPersistence = async (): Promise<boolean> => true;
  whereAmI = async (): Promise<Place> => (await wait(500), { lon: 118.5893, lat: 24.9076, accuracy: 12 });
  formOpen = () => () => {};
  takeUpdate = (): void => location.reload();

  subscribe(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  #wait(draft: Draft, standing: Standing = 'queued', sentence = '', errors: Record<string, string[]> = {}): Operation {
    const id = newId();
    const files = (draft.files ?? []).map(({ field, file, name }) => ({ field, name, sha256: newId(), type: file.type, size: file.size }));
    const operation: Operation = {
      id, kind: draft.kind, subject: draft.subject ?? subjectOf(draft.kind, draft.data as unknown as Values) ?? newId(), base: 1, after: null, instead: null, at: new Date().toISOString(), data: { ...(draft.data as unknown as Values), files },
      first: draft.first ?? false, order: this.#order++, standing, answer: sentence ? { id, result: 'held', sentence, errors } : null, answeredAt: null,
      missing: files.map((one) => one.sha256), filesFirst: false, shows: standing !== 'refused',
    };
    this.#operations.push(operation);
    if (draft.files) this.#files.set(operation.id, draft.files);
    this.#views = this.#made();
    return operation;
  }

  #made(): Views {
    return new Views({ rows: this.#rows, forms: FORMS, branch: 'made-up', own: {} }, this.#operations);
  }

  #change(state: State = this.state): void {
    this.state = state;
    this.#views = this.#made();
    for (const fn of this.#listeners) fn();
  }
}
