/** What the screens see of the engine: everything the phone holds, and everything that can be said on it. */

import type { Case, Day, Forms, Household, Id, MapData, Moment, Notice, Outcome, PlanView, Point, Proposal, Rec, Tie, Values } from './held.ts';

export type * from './held.ts';

/** new: not enrolled; locked: needs the PIN; sealed: needs a sign-in on the page, then a new PIN; revoked: everything here was wiped. */
export type State = 'new' | 'locked' | 'sealed' | 'open' | 'revoked';

export interface Account {
  id: Id;
  name: string;
  language: string;
}

// ---- What is said here ----------------------------------------------------------------------------------------------

/** The operation's data, as CONTRACT "Operations' data" names it; files are given apart. */
export interface Said {
  record: { kind: string; values: Values; grid: string; at?: Point; source: string; on: Day };
  change: { set: Values; source: string; on: Day };
  tie: { kind: string; subject: Id; object: Id; since: Day; source: string };
  untie: { until: Day };
  end: { on: Day; reason: string };
  visit: { dwelling: Id; outcome: Outcome; answers: Values; place: Place | null };
  open: { service: string; form: Values };
  act: { case: Id; act: string; form: Values };
  look: { fields: string[]; purpose: string };
  read: { notices: Id[] };
}

export type OperationKind = keyof Said;

export interface Attached {
  /** The form's field it answers. */
  field: string;
  file: Blob;
  name: string;
}

export type Draft = {
  [K in OperationKind]: {
    kind: K;
    /** The record, tie, case… it is about; left out when it begins something new (the answer is then its id). */
    subject?: Id;
    data: Said[K];
    /** Photos are scaled down to 1600 pixels and lose what they carry unseen, before they are kept. */
    files?: Attached[];
    /** Goes before everything else that waits: suspected harm to a child. */
    first?: boolean;
  };
}[OperationKind];

/** conflict: sent and kept, but a person must look; `seen` puts it away. held: the office waits for an earlier one. */
export type WaitingState = 'queued' | 'sending' | 'held' | 'refused' | 'conflict';

export interface Waiting {
  id: Id;
  kind: OperationKind;
  subject: Id;
  /** What it is about, in words: a name, an address, a number. */
  about: string;
  data: Said[OperationKind];
  at: Moment;
  first: boolean;
  state: WaitingState;
  /** The office's word, in the worker's language; empty when there is none yet. */
  sentence: string;
  errors: Record<string, string[]>;
  files: { name: string; size: number; sent: number }[];
}

export interface Kept {
  key: string;
  values: Values;
  files: Attached[];
  at: Moment;
}

export interface Drafts {
  save(key: string, values: Values, files?: Attached[]): Promise<void>;
  load(key: string): Promise<Kept | null>;
  drop(key: string): Promise<void>;
  /** Newest first. */
  list(): Promise<Kept[]>;
}

// ---- How it goes ----------------------------------------------------------------------------------------------------

export type Phase = 'first' | 'pushing' | 'pulling' | 'files';

export interface Progress {
  phase: Phase;
  done: number;
  /** 0 when unknown. */
  of: number;
}

/** What the engine could not do. The screens have a sentence for each. */
export type Code =
  | 'offline' | 'server' | 'signed-out' | 'revoked' | 'locked' | 'full' | 'storage' | 'pin' | 'crypto'
  | 'place-denied' | 'place-unknown' | 'file';

export class Trouble extends Error {
  readonly code: Code;
  constructor(code: Code, message: string = code) {
    super(message);
    this.name = 'Trouble';
    this.code = code;
  }
}

export interface Report {
  sent: number;
  conflicts: number;
  refused: number;
  held: number;
  received: number;
  trouble: Code | null;
}

export interface Place {
  lon: number;
  lat: number;
  /** Metres. */
  accuracy: number;
}

export interface Storage {
  persisted: boolean;
  /** Bytes; 0 when the browser does not say. */
  used: number;
  quota: number;
}

export interface Engine {
  readonly state: State;
  readonly account: Account | null;
  readonly device: { id: Id; name: string } | null;
  /** Wrong PINs that may still be tried. */
  readonly triesLeft: number;
  /** The app's version, and whether a newer one waits to be taken. */
  readonly version: string;
  readonly updateReady: boolean;

  /** Who is signed in on the page; null: send them to sign in first. Throws `offline`. */
  signedIn(): Promise<Account | null>;
  /** Makes this phone a device of whoever is signed in. Throws `signed-out`, `pin` (six digits, not all the same, no run), `offline`. */
  enrol(name: string, pin: string): Promise<void>;
  unlock(pin: string): Promise<'open' | 'wrong' | 'sealed'>;
  /** After `sealed`: with a sign-in on the page, a new PIN. Nothing is lost. Throws as `enrol`. */
  recover(pin: string): Promise<void>;
  lock(): void;
  /** Deletes everything here, unsent work too. */
  wipe(): Promise<void>;

  sync(): Promise<Report>;
  readonly online: boolean;
  readonly lastSync: Date | null;
  readonly busy: Progress | null;
  /** Why the last round did not end well. */
  readonly problem: Code | null;

  // While open, all of these answer at once. Each answer is the same object until something changes.
  records(kind?: string): Rec[];
  record(id: Id): Rec | null;
  /** Records whose name, address or number holds the text, best first. */
  find(text: string, kind?: string): Rec[];
  /** The ties from and to a record. */
  ties(id: Id): Tie[];
  /** Soonest due first. */
  households(): Household[];
  plan(): PlanView | null;
  cases(): Case[];
  /** Newest first. */
  notices(): Notice[];
  proposals(): Proposal[];
  forms(): Forms;
  map(): MapData;
  /** Own grids' codes. */
  grids(): string[];
  /** The sealed fields whole; leaves a mark with the purpose. */
  look(record: Id, fields: string[], purpose: string): Promise<Values>;

  /** Kept when this resolves, sent when it can be. The answer is the subject's id. Throws `locked`, `full`, `file`. */
  say(draft: Draft): Promise<Id>;
  /** First ones first, then in order of saying; then what needs a look. */
  waiting(): Waiting[];
  /** The draft of a refused operation, files too; saying it again with `instead` puts the refused one away. */
  edit(id: Id): Promise<Draft>;
  sayInstead(id: Id, draft: Draft): Promise<Id>;
  /** Puts away a refused operation for good, when the worker has confirmed. */
  drop(id: Id, confirmed: true): Promise<void>;
  /** Puts away a conflict the worker has seen. */
  seen(id: Id): Promise<void>;
  /** What waits, as a file that a colleague at a desk can read: not encrypted, so warn. */
  exportWaiting(): Promise<Blob>;
  readonly oldestUnsent: Date | null;
  /** Something has waited for more than a day. */
  readonly overdue: boolean;

  readonly drafts: Drafts;
  storage(): Promise<Storage>;
  askPersistence(): Promise<boolean>;
  /** Reads the place once, now. Call it only when the worker records something. Throws `place-denied`, `place-unknown`. */
  whereAmI(): Promise<Place>;

  /** Call when a form opens, and the answer when it closes: meanwhile no update is taken. */
  formOpen(): () => void;
  takeUpdate(): void;
  /** Called after each change; the answer ends it. */
  subscribe(fn: () => void): () => void;
}
