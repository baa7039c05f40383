/** What the screens read: the laid rows, sorted and named; each answer stays the same object until something changes. */

import type {
  Case, Household, Id, Notice, Outcome, PlanView, PlannedVisit, Proposal, Rec, Tie, Values,
} from './engine.ts';
import { masked, nameOf } from './names.ts';
import type { Operation } from './operations.ts';
import type { Ground, Key, Laid } from './overlay.ts';
import { key, overlay } from './overlay.ts';
import type { CaseRow, HouseholdRow, NoticeRow, PlanRow, ProposalRow, RecordRow, Row, TieRow } from './rows.ts';

type Of<W extends Row['what']> = Extract<Row, { what: W }>;

/** The views of one moment: made anew after each change, filled as they are asked. */
export class Views {
  readonly #ground: Ground;
  readonly #laid: Map<Key, Laid>;
  readonly #kept = new Map<string, unknown>();

  constructor(ground: Ground, operations: Iterable<Operation>) {
    this.#ground = ground;
    this.#laid = overlay(ground, operations);
  }

  /** A record's values as laid, sealed ones whole. */
  whole(id: Id): Values | null {
    return this.#one<RecordRow>('record', id)?.values ?? null;
  }

  kindOf(id: Id): string {
    return this.#one<RecordRow>('record', id)?.kind ?? '';
  }

  versionOf(what: Row['what'], id: Id): number | null {
    return this.#ground.rows.get(key(what, id))?.version ?? null;
  }

  records(kind?: string): Rec[] {
    return this.#keep(`records ${kind ?? ''}`, () => {
      if (kind) return this.records().filter((one) => one.kind === kind);
      const shown = [...this.#all('record')].filter((row) => !row.merged).map((row) => this.#rec(row));
      return shown.sort((a, b) => BY_NAME.compare(a.name, b.name));
    });
  }

  record(id: Id): Rec | null {
    return this.#keep(`record ${id}`, () => {
      const row = this.#one<RecordRow>('record', id);
      return row ? this.#rec(row) : null;
    });
  }

  find(text: string, kind?: string): Rec[] {
    const asked = text.trim().toLowerCase();
    if (!asked) return this.records(kind);
    const rank = (one: Rec): number => {
      const at = one.name.toLowerCase().indexOf(asked);
      if (at >= 0) return at === 0 ? 0 : 1;
      const values = Object.values(this.whole(one.id) ?? {});
      return values.some((value) => typeof value === 'string' && value.toLowerCase().includes(asked)) ? 2 : 3;
    };
    const ranked = this.records(kind).map((one) => [rank(one), one] as const);
    return ranked.filter(([at]) => at < 3).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
  }

  ties(id: Id): Tie[] {
    const by = this.#keep('ties', () => {
      const found = new Map<Id, Tie[]>();
      const add = (end: Id, tie: Tie): void => void (found.get(end)?.push(tie) ?? found.set(end, [tie]));
      for (const row of this.#all('tie')) {
        const tie = tieView(row);
        add(tie.subject, tie);
        if (tie.object !== tie.subject) add(tie.object, tie);
      }
      return found;
    });
    return by.get(id) ?? NO_TIES;
  }

  households(): Household[] {
    return this.#keep('households', () => {
      const shown = [...this.#all('household')].map(householdView);
      return shown.sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999'));
    });
  }

  plan(): PlanView | null {
    return this.#keep('plan', () => {
      const newest = [...this.#all('plan')].sort((a, b) => b.week.localeCompare(a.week))[0];
      return newest ? this.#planView(newest) : null;
    });
  }

  cases(): Case[] {
    return this.#keep('cases', () => {
      const shown = [...this.#all('case')].map(caseView);
      return shown.sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999') || b.id.localeCompare(a.id));
    });
  }

  notices(): Notice[] {
    return this.#keep('notices', () => [...this.#all('notice')].map(noticeView).sort((a, b) => b.at.localeCompare(a.at)));
  }

  proposals(): Proposal[] {
    return this.#keep('proposals', () => [...this.#all('proposal')].map((row) => this.#proposalView(row)));
  }

  grids(): string[] {
    return this.#keep('grids', () => [...new Set([...this.#all('record')].map((row) => row.grid))].filter(Boolean).sort());
  }

  sealed(kind: string): Set<string> {
    return this.#keep(`sealed ${kind}`, () => {
      const fields = this.#ground.forms.kinds[kind]?.fields ?? [];
      return new Set(fields.filter((field) => field.sealed).map((field) => field.name));
    });
  }

  #keep<T>(name: string, make: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, make());
    return this.#kept.get(name) as T;
  }

  #one<R extends Row>(what: R['what'], id: Id): Laid<R> | undefined {
    const at = key(what, id);
    const row = this.#laid.get(at) ?? this.#ground.rows.get(at);
    return row && (asLaid(row) as unknown as Laid<R>);
  }

  *#all<W extends Row['what']>(what: W): Iterable<Laid<Of<W>>> {
    for (const [at, row] of this.#ground.rows) if (row.what === what && !this.#laid.has(at)) yield asLaid(row) as Laid<Of<W>>;
    for (const row of this.#laid.values()) if (row.what === what) yield row as Laid<Of<W>>;
  }

  #shownValues(kind: string, values: Values): Values {
    const sealed = this.sealed(kind);
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sealed.has(name) ? masked(value) : value]));
  }

  #rec(row: Laid<RecordRow>): Rec {
    const { id, version, kind, grid, at, unsent, disputed } = row;
    const name = nameOf(kind, row.values, this.#ground.forms) || row.name; // in the worker's language, where it has one
    const rec: Rec = { id, version, kind, name, grid, at, unsent, disputed, values: this.#shownValues(kind, row.values) };
    if (row.merged) rec.merged = row.merged;
    if (row.ended) rec.ended = row.ended;
    return rec;
  }

  #planView(row: Laid<PlanRow>): PlanView {
    const unsent: Id[] = [];
    const counts = { done: row.done, absent: row.absent, refused: row.refused };
    const households = row.households.map((one): PlannedVisit => {
      const household = this.#one<HouseholdRow>('household', one.dwelling);
      const record = this.#one<RecordRow>('record', one.dwelling);
      const outcome = inWeek(household, row.week);
      const told = inWeek(this.#ground.rows.get(key('household', one.dwelling)), row.week);
      if (outcome && outcome !== told) counts[outcome] += 1; // a household counts by its last visit of the week
      if (told && outcome !== told) counts[told] -= 1;
      unsent.push(...(household?.unsent ?? []));
      return {
        dwelling: one.dwelling, name: record?.name ?? '', at: record?.at ?? null, due: one.due, why: one.why,
        last: household?.last ?? null, outcome,
      };
    });
    const { id, version, week, quota, more } = row;
    return { id, version, week, quota, more, unsent, households, ...counts };
  }

  #proposalView(row: Laid<ProposalRow>): Proposal {
    const { id, version, unsent, record, why, state } = row;
    return { id, version, unsent, record, why, state, values: this.#shownValues(this.kindOf(record), row.values) };
  }
}

const BY_NAME = new Intl.Collator('zh-Hans', { numeric: true });
const NO_TIES: Tie[] = [];
const NOTHING: Id[] = [];

function asLaid(row: Row | Laid): Laid {
  return 'unsent' in row ? row : { ...row, unsent: NOTHING, disputed: [] };
}

function tieView({ id, version, unsent, kind, subject, object, since, until }: Laid<TieRow>): Tie {
  return { id, version, unsent, kind, subject, object, since, until };
}

function householdView({ id, version, unsent, grid, last, tried, outcome, due, why, needs }: Laid<HouseholdRow>): Household {
  return { id, version, unsent, dwelling: id, grid, last, tried, outcome: outcome || null, due, why, needs };
}

/** What became of the last visit, if it was in the week that begins on this Monday, here. */
function inWeek(household: Row | Laid | undefined, monday: string): Outcome | null {
  if (household?.what !== 'household' || !household.tried || !household.outcome) return null;
  return Date.parse(household.tried) >= Date.parse(`${monday}T00:00`) ? household.outcome : null;
}

function caseView(row: Laid<CaseRow>): Case {
  const { id, version, unsent, number, service, state, title, text, address, at, due, mine } = row;
  return { id, version, unsent, number, service, state, title, text, address, at, due, mine };
}

function noticeView({ id, version, unsent, text, at, case: about, read }: Laid<NoticeRow>): Notice {
  return { id, version, unsent, text, at, case: about, read: read ?? false };
}
