/** Present rows with what was said here laid over them. */

import { merge } from '../merging.ts';
import type { Merge, SaidAt } from '../merging.ts';
import type { Forms, Id, Outcome, Point, Values } from './engine.ts';
import { nameOf } from './names.ts';
import type { Operation } from './operations.ts';
import { inOrder } from './operations.ts';
import type { CaseRow, RecordRow, Row, TieRow } from './rows.ts';

export type Key = `${Row['what']}:${Id}`;
export const key = (what: Row['what'], id: Id): Key => `${what}:${id}`;

/** A row with the operations it shows. */
export type Laid<R extends Row = Row> = R & { unsent: Id[]; disputed: string[] };

export interface Ground {
  rows: ReadonlyMap<Key, Row>;
  forms: Forms;
  /** This device: the branch of all it says. */
  branch: string;
  /** Record to field to the version that this device's own word got. */
  own: Record<Id, Record<string, number>>;
}

/** The rows that the operations change or add; all others stand as they are. */
export function overlay(ground: Ground, operations: Iterable<Operation>): Map<Key, Laid> {
  const laid = new Map<Key, Laid>();
  const top = { ...ground, laid };
  for (const operation of inOrder(operations)) if (operation.shows) lay[operation.kind]?.(top, operation);
  return laid;
}

interface Top extends Ground {
  laid: Map<Key, Laid>;
}

/** The row as laid so far, its own copy; undefined when nothing of that name is here. */
function open<R extends Row>(top: Top, what: R['what'], id: Id, operation: Operation): Laid<R> | undefined {
  const at = key(what, id);
  let row = top.laid.get(at);
  if (!row) {
    const present = top.rows.get(at);
    if (!present) return undefined;
    row = { ...present, unsent: [], disputed: [] };
    top.laid.set(at, row);
  }
  if (!row.unsent.includes(operation.id)) row.unsent.push(operation.id);
  return row as unknown as Laid<R>;
}

function begin<R extends Row>(top: Top, operation: Operation, row: R): void {
  if (open(top, row.what, row.id, operation)) return;
  top.laid.set(key(row.what, row.id), { ...row, unsent: [operation.id], disputed: [] });
}

type Lay = (top: Top, operation: Operation) => void;

const lay: Partial<Record<Operation['kind'], Lay>> = {
  record(top, one) {
    const { kind, values, grid, at } = one.data as { kind: string; values: Values; grid: string; at?: Point };
    const row: RecordRow = {
      what: 'record', id: one.subject, version: 0, kind, name: nameOf(kind, values, top.forms), grid, at: at ?? null, values, said: {},
    };
    begin(top, one, row);
  },

  change(top, one) {
    const row = open<RecordRow>(top, 'record', one.subject, one);
    if (!row) return;
    const merged = merge({
      rules: rules(top.forms, row.kind),
      values: row.values,
      said: said(row, top),
      given: one.data['set'] as Values,
      base: one.base ?? 0,
      branch: top.branch,
    });
    row.values = { ...row.values, ...merged.taken };
    row.disputed = [...new Set([...row.disputed, ...Object.keys(merged.waiting)])];
    row.name = nameOf(row.kind, row.values, top.forms) || row.name;
  },

  end(top, one) {
    const row = open<RecordRow>(top, 'record', one.subject, one);
    if (row) row.ended = one.data['on'] as string;
  },

  tie(top, one) {
    const { kind, subject, object, since } = one.data as { kind: string; subject: Id; object: Id; since: string };
    begin<TieRow>(top, one, { what: 'tie', id: one.subject, version: 0, kind, subject, object, since, until: null });
  },

  untie(top, one) {
    const row = open<TieRow>(top, 'tie', one.subject, one);
    if (row) row.until = one.data['until'] as string;
  },

  visit(top, one) {
    const { dwelling, outcome } = one.data as { dwelling: Id; outcome: Outcome };
    const row = open(top, 'household', dwelling, one);
    if (row?.what !== 'household') return;
    row.outcome = outcome;
    row.tried = one.at;
    if (outcome === 'done') row.last = one.at;
  },

  open(top, one) {
    const { service, form } = one.data as { service: string; form: Values };
    const text = String(form['text'] ?? form['details'] ?? '');
    const row: CaseRow = {
      what: 'case', id: one.subject, version: 0, number: one.answer?.number ?? '', service, state: '', text,
      title: String(form['title'] ?? '') || top.forms.services[service]?.label || service,
      address: String(form['address'] ?? ''), at: null, due: null, mine: true,
    };
    begin(top, one, row);
  },

  act(top, one) {
    const row = open<CaseRow>(top, 'case', one.data['case'] as Id, one);
    const to = row && top.forms.services[row.service]?.acts[one.data['act'] as string]?.to;
    if (row && to) row.state = to;
  },

  read(top, one) {
    for (const id of one.data['notices'] as Id[]) {
      const row = open(top, 'notice', id, one);
      if (row?.what === 'notice') row.read = true;
    }
  },
};

export function rules(forms: Forms, kind: string): Record<string, Merge> {
  return Object.fromEntries((forms.kinds[kind]?.fields ?? []).map((field) => [field.name, field.merge ?? 'field']));
}

function said(row: RecordRow, top: Top): Record<string, SaidAt> {
  const own = top.own[row.id] ?? {};
  return Object.fromEntries(
    Object.entries(row.said).map(([name, version]) => [name, { version, by: own[name] === version ? top.branch : '' }]),
  );
}
