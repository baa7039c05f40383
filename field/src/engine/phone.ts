/** The engine itself: the phone's states, and the door to all that the session holds. */

import { draftsOn } from './drafts.ts';
import type { Account, Code, Draft, Engine, Id, Place, Progress, Report, State, Storage, Values } from './engine.ts';
import { Trouble } from './engine.ts';
import { exported } from './export.ts';
import { Gate } from './gate.ts';
import type { Keys } from './keys.ts';
import type { News, Platform } from './platform.ts';
import { NO_FORMS, NO_MAP } from './reference.ts';
import { Rounds } from './rounds.ts';
import type { Who } from './session.ts';
import { Session } from './session.ts';
import type { Renewal } from './update.ts';

export class Phone implements Engine {
  state: State = 'new';
  readonly drafts;
  readonly #platform: Platform;
  readonly #renewal: Renewal;
  readonly #gate: Gate;
  readonly #rounds: Rounds;
  readonly #listeners = new Set<() => void>();
  #session: Session | null = null;

  constructor(platform: Platform, renewal: Renewal, iterations?: number) {
    this.#platform = platform;
    this.#renewal = renewal;
    this.#gate = new Gate(platform, iterations);
    this.#rounds = new Rounds(platform, renewal, {
      session: () => this.#session,
      changed: (rows) => (rows ? this.#spread() : this.#changed()),
      revoked: () => this.#wipe('revoked'),
    });
    this.drafts = draftsOn(() => this.#open().shelf, platform.now);
    platform.hear((news) => void this.#hear(news));
    platform.onLine((up) => this.#line(up));
  }

  /** The state that the store says. */
  async start(): Promise<this> {
    this.state = await this.#gate.state();
    this.#changed();
    return this;
  }

  get triesLeft(): number {
    return this.#gate.triesLeft;
  }

  get account(): Account | null {
    return this.#session?.who.account ?? null;
  }

  get device(): { id: Id; name: string } | null {
    return this.#session?.who.device ?? null;
  }

  // ---- keys and states ----------------------------------------------------------------------------------------------

  signedIn = (): Promise<Account | null> => this.#gate.signedIn();

  async enrol(name: string, pin: string): Promise<void> {
    const { keys, who } = await this.#gate.enrol(name, pin, this.version);
    await this.#enter(keys, who);
    void this.sync().catch(() => undefined);
  }

  async unlock(pin: string): Promise<'open' | 'wrong' | 'sealed'> {
    const keys = await this.#gate.unlock(pin);
    if (typeof keys !== 'string') await this.#enter(keys);
    else if (keys === 'sealed') this.state = 'sealed';
    this.#changed();
    return typeof keys === 'string' ? keys : 'open';
  }

  async recover(pin: string): Promise<void> {
    await this.#enter(await this.#gate.recover(pin));
  }

  lock(): void {
    if (!this.#session) return;
    this.#leave('locked');
    this.#renewal.takeQuietly();
  }

  async wipe(): Promise<void> {
    await this.#wipe('new');
  }

  // ---- the round ----------------------------------------------------------------------------------------------------

  sync = (): Promise<Report> => this.#rounds.run();

  get busy(): Progress | null {
    return this.#rounds.busy;
  }

  get problem(): Code | null {
    return this.#rounds.problem;
  }

  get online(): boolean {
    return this.#platform.lineUp() && this.problem !== 'offline';
  }

  get lastSync(): Date | null {
    return this.#session?.lastSync ?? null;
  }

  // ---- what is here -------------------------------------------------------------------------------------------------

  records = (kind?: string) => this.#session?.views.records(kind) ?? [];
  record = (id: Id) => this.#session?.views.record(id) ?? null;
  find = (text: string, kind?: string) => this.#session?.views.find(text, kind) ?? [];
  ties = (id: Id) => this.#session?.views.ties(id) ?? [];
  households = () => this.#session?.views.households() ?? [];
  plan = () => this.#session?.views.plan() ?? null;
  cases = () => this.#session?.views.cases() ?? [];
  notices = () => this.#session?.views.notices() ?? [];
  proposals = () => this.#session?.views.proposals() ?? [];
  forms = () => this.#session?.reference.forms ?? NO_FORMS;
  map = () => this.#session?.reference.map ?? NO_MAP;
  grids = () => this.#session?.grids ?? [];
  waiting = () => this.#session?.waiting ?? [];

  async look(record: Id, fields: string[], purpose: string): Promise<Values> {
    const whole = this.#open().views.whole(record) ?? {};
    await this.say({ kind: 'look', subject: record, data: { fields, purpose } });
    return Object.fromEntries(fields.map((name) => [name, whole[name]]));
  }

  // ---- what is said -------------------------------------------------------------------------------------------------

  say = (draft: Draft): Promise<Id> => this.#say(draft);
  sayInstead = (id: Id, draft: Draft): Promise<Id> => this.#say(draft, id);
  edit = (id: Id): Promise<Draft> => this.#open().queue.draft(id);

  async drop(id: Id): Promise<void> {
    await this.#open().queue.drop(id);
    this.#spread();
  }

  async seen(id: Id): Promise<void> {
    await this.#open().queue.seen(id);
    this.#spread();
  }

  async exportWaiting(): Promise<Blob> {
    const { queue, shelf, who } = this.#open();
    return exported(queue.all, { shelf, ...who, at: new Date(this.#platform.now()) });
  }

  get oldestUnsent(): Date | null {
    return this.#session?.oldestUnsent ?? null;
  }

  get overdue(): boolean {
    return this.#session?.overdue ?? false;
  }

  // ---- the phone ----------------------------------------------------------------------------------------------------

  storage = (): Promise<Storage> => this.#platform.storage();
  askPersistence = (): Promise<boolean> => this.#platform.askPersistence();
  whereAmI = (): Promise<Place> => this.#platform.placeNow();
  formOpen = (): (() => void) => this.#renewal.formOpen();
  takeUpdate = (): void => this.#renewal.take();

  get version(): string {
    return this.#renewal.version;
  }

  get updateReady(): boolean {
    return this.#renewal.ready;
  }

  subscribe(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** Something outside has changed what `version` or `updateReady` say. */
  renewed(): void {
    if (this.state !== 'open') this.#renewal.takeQuietly();
    this.#changed();
  }

  // -------------------------------------------------------------------------------------------------------------------

  #open(): Session {
    if (!this.#session) throw new Trouble('locked');
    return this.#session;
  }

  async #enter(keys: Keys, fresh?: Who): Promise<void> {
    const opened = await Session.open(this.#platform, keys, fresh);
    this.#session?.close(); // a new PIN may be chosen while the phone is open
    this.#session = opened;
    this.state = 'open';
    this.#rounds.rhythm.begin();
    this.#changed();
  }

  #leave(state: State): void {
    this.#rounds.stop();
    this.#session?.close();
    this.#session = null;
    this.state = state;
    this.#changed();
  }

  async #wipe(state: State): Promise<void> {
    this.#leave(state);
    this.#platform.tell('wiped'); // first, so that other windows let go of the database
    await this.#platform.store.wipe();
    this.#changed();
  }

  async #say(draft: Draft, instead?: Id): Promise<Id> {
    const { subject } = await this.#open().say(draft, instead);
    this.#spread();
    this.#rounds.rhythm.soon();
    return subject;
  }

  async #hear(news: News): Promise<void> {
    if (news === 'wiped') {
      this.#leave('new');
      this.#platform.store.close();
    } else await this.#rounds.refresh();
    this.#changed();
  }

  #line(up: boolean): void {
    if (this.#session && up) this.#rounds.rhythm.again();
    this.#changed();
  }

  /** Here and in the other windows. */
  #spread(): void {
    this.#session?.changed();
    this.#platform.tell('changed');
    this.#changed();
  }

  #changed(): void {
    for (const fn of this.#listeners) fn();
  }
}
