/** What the phone holds, as the screens see it: rows of the office with what was said here over them; forms; the map. */

export type Id = string;
/** A day, 2026-11-22. */
export type Day = string;
/** A moment with its zone, 2026-11-22T08:00:00Z. */
export type Moment = string;
/** Longitude and latitude, degrees. */
export type Point = [number, number];
export type Values = Record<string, unknown>;

/** A row as it stands for the worker: the office's word, and over it what was said here and is not sent yet. */
interface Shown {
  id: Id;
  version: number;
  /** The operations said here that this row shows already. */
  unsent: Id[];
}

export interface Rec extends Shown {
  kind: string;
  name: string;
  grid: string;
  at: Point | null;
  /** Sealed fields are masked; `look` shows them whole. */
  values: Values;
  /** Fields said here whose value the office has changed meanwhile: a person will decide. */
  disputed: string[];
  merged?: Id;
  ended?: Day;
}

export interface Tie extends Shown {
  kind: string;
  subject: Id;
  object: Id;
  since: Day | null;
  until: Day | null;
}

export type Outcome = 'done' | 'absent' | 'refused';

export interface Household extends Shown {
  /** The dwelling's record. `id` is the same. */
  dwelling: Id;
  grid: string;
  /** When somebody was met; when a worker came, and what became of that. */
  last: Moment | null;
  tried: Moment | null;
  outcome: Outcome | null;
  due: Day | null;
  /** A code: never, time, absent, refused, or one of the needs. */
  why: string;
  needs: string[];
}

export interface PlannedVisit {
  dwelling: Id;
  name: string;
  at: Point | null;
  due: Day | null;
  /** A code, as in Household. */
  why: string;
  last: Moment | null;
  /** What became of it this week. */
  outcome: Outcome | null;
}

export interface PlanView extends Shown {
  week: Day;
  households: PlannedVisit[];
  quota: number;
  done: number;
  absent: number;
  refused: number;
  /** Visits of the week to households outside the plan. */
  more: number;
}

export interface Case extends Shown {
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

export interface Notice extends Shown {
  text: string;
  at: Moment;
  case: Id | null;
  read: boolean;
}

export interface Proposal extends Shown {
  record: Id;
  values: Values;
  why: string;
  state: string;
}

// ---- Forms and map --------------------------------------------------------------------------------------------------

export type FieldType =
  | 'text' | 'words' | 'number' | 'money' | 'date' | 'choice' | 'choices' | 'yesno' | 'photos' | 'signature' | 'place' | 'phone' | 'hidden';

export interface Field {
  name: string;
  label: string;
  help: string;
  type: FieldType;
  required: boolean;
  choices: [string, string][];
  longest: number | null;
  sealed?: boolean;
  merge?: 'field' | 'guarded';
  needs_files?: boolean;
  /** Asked behind the rest. */
  later?: boolean;
}

export interface ActForm {
  label: string;
  from: string[];
  to: string;
  fields: Field[];
}

export interface ServiceForms {
  label: string;
  /** `place_required`: its unit is found by the point, words will not do. */
  open?: { fields: Field[]; place_required?: boolean };
  acts: Record<string, ActForm>;
  states: Record<string, string>;
}

export interface TieForm {
  label: string;
  back: string;
  subject: string[];
  object: string[];
}

export interface Forms {
  kinds: Record<string, { label: string; fields: Field[] }>;
  ties: Record<string, TieForm>;
  operations: Record<string, { label: string; fields: Field[] }>;
  services: Record<string, ServiceForms>;
  purposes: Record<string, string>;
  sources: Record<string, string>;
}

export interface MapData {
  grids: GeoJSON.FeatureCollection;
  around: GeoJSON.FeatureCollection;
  bounds: [number, number, number, number] | null;
}
