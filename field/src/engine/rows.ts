/** What the door sends and takes, as it is on the wire. */

import type { Attached, Day, Forms, Id, MapData, Moment, OperationKind, Outcome, Point, Values } from './engine.ts';

export interface RecordRow {
  what: 'record';
  id: Id;
  version: number;
  kind: string;
  name: string;
  grid: string;
  at: Point | null;
  values: Values;
  /** Field to the record's version when it got its value. */
  said: Record<string, number>;
  merged?: Id;
  ended?: Day;
}

export interface TieRow {
  what: 'tie';
  id: Id;
  version: number;
  kind: string;
  subject: Id;
  object: Id;
  since: Day | null;
  until: Day | null;
}

export interface HouseholdRow {
  what: 'household';
  id: Id;
  version: number;
  grid: string;
  last: Moment | null;
  tried: Moment | null;
  outcome: Outcome | '';
  due: Day | null;
  why: string;
  needs: string[];
}

export interface PlanRow {
  what: 'plan';
  id: Id;
  version: number;
  week: Day;
  quota: number;
  households: { dwelling: Id; due: Day | null; why: string }[];
  done: number;
  absent: number;
  refused: number;
  more: number;
}

export interface CaseRow {
  what: 'case';
  id: Id;
  version: number;
  number: string;
  service: string;
  state: string;
  title: string;
  text: string;
  address: string;
  at: Point | null;
  due: Moment | null;
  mine: boolean;
}

export interface NoticeRow {
  what: 'notice';
  id: Id;
  version: number;
  text: string;
  at: Moment;
  case: Id | null;
  read?: boolean;
}

export interface ProposalRow {
  what: 'proposal';
  id: Id;
  version: number;
  record: Id;
  values: Values;
  why: string;
  state: string;
}

/** What became of an operation that was held when it was sent. */
export interface OperationRow extends Answer {
  what: 'operation';
}

export type Row = RecordRow | TieRow | HouseholdRow | PlanRow | CaseRow | NoticeRow | ProposalRow | OperationRow;
export type What = Row['what'];

export interface Gone {
  what: What;
  id: Id;
  gone: true;
}

/** On the wire a row says which scope told it. */
export type Told = (Row | Gone) & { scope?: string };

export type Cursors = Record<string, string>;

export interface Pulled {
  scopes: Cursors;
  rows: Told[];
  forget: string[];
  fill: string[];
  more: boolean;
  app?: string;
}

export interface First {
  scope: string;
  cursor: string;
  rows: Told[];
}

/** done: as it was said; waiting: done, but a person has yet to approve it. */
export type Result = 'done' | 'conflict' | 'waiting' | 'held' | 'refused';

export interface Answer {
  id: Id;
  result: Result;
  version?: number;
  number?: string;
  errors?: Record<string, string[]>;
  sentence?: string;
}

/** An operation as it is sent. */
export interface Sent {
  id: Id;
  kind: OperationKind;
  subject: Id;
  base: number | null;
  after: Id | null;
  /** The refused one that this one mends. */
  instead: Id | null;
  at: Moment;
  data: Values;
}

export interface Enrolled {
  device: Id;
  share: string;
  account: { id: Id; name: string; language: string };
  now: number;
}

export interface Page {
  token: string;
  account: { id: Id; name: string; language: string } | null;
}

export type { Attached, Forms, MapData };
