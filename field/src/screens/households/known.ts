import type { Engine, Household, PlannedVisit, Rec, Tie } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';
import { daysTo, today } from '../shell/times.ts';

export interface Tied {
  tie: Tie;
  record: Rec;
}

const holds = (tie: Tie): boolean => !tie.until || tie.until > today();

/** What is tied to a record now, and by which tie; `from` tells on which end the record stands. */
export function tied(engine: Engine, id: string, from: 'subject' | 'object', kind?: string): Tied[] {
  const other = from === 'subject' ? 'object' : 'subject';
  return engine
    .ties(id)
    .filter((tie) => tie[from] === id && holds(tie) && (!kind || tie.kind === kind))
    .map((tie) => ({ tie, record: engine.record(tie[other]) }))
    .filter((one): one is Tied => one.record !== null && !one.record.ended);
}

export const residents = (engine: Engine, dwelling: string): Tied[] => tied(engine, dwelling, 'object', 'lives_in');
export const homes = (engine: Engine, person: string): Tied[] => tied(engine, person, 'subject', 'lives_in');

/** Needs, dangers and works that concern a record, those that end soonest first. */
export function situations(engine: Engine, id: string): Tied[] {
  const until = (one: Tied) => String(one.record.values['until'] ?? '9999');
  return tied(engine, id, 'object', 'concerns').sort((a, b) => until(a).localeCompare(until(b)));
}

/** Why a household is due, in words: a need by its own name. */
export function whyWords(engine: Engine, code: string, w: Words): string {
  const needs = engine.forms().kinds['situation']?.fields.find((one) => one.name === 'sort')?.choices ?? [];
  return (w.why as Record<string, string>)[code] ?? needs.find(([value]) => value === code)?.[1] ?? code;
}

export type DueTone = 'late' | 'due' | 'later' | 'done';

export function dueTone(due: string | null, outcome?: PlannedVisit['outcome']): DueTone {
  if (outcome) return 'done';
  if (!due) return 'later';
  const days = daysTo(due);
  return days < 0 ? 'late' : days <= 7 ? 'due' : 'later';
}

export interface Home {
  dwelling: Rec;
  household: Household | null;
  planned: PlannedVisit | null;
  names: string[];
  room: string;
}

export interface Building {
  name: string;
  homes: Home[];
  due: number;
}

/** The grid's dwellings by building, in the order of their addresses. */
export function buildings(engine: Engine, dwellings: Rec[]): Building[] {
  const households = new Map(engine.households().map((one) => [one.dwelling, one]));
  const planned = new Map((engine.plan()?.households ?? []).map((one) => [one.dwelling, one]));
  const groups = new Map<string, Home[]>();
  for (const dwelling of dwellings.filter((one) => !one.ended && !one.merged)) {
    const [building, room] = parts(dwelling);
    const home = {
      dwelling,
      room,
      household: households.get(dwelling.id) ?? null,
      planned: planned.get(dwelling.id) ?? null,
      names: residents(engine, dwelling.id).map((one) => one.record.name),
    };
    groups.set(building, [...(groups.get(building) ?? []), home]);
  }
  return [...groups]
    .map(([name, all]) => ({ name, homes: all.sort(byRoom), due: all.filter(isDue).length }))
    .sort((a, b) => order(a.name, b.name));
}

const isDue = ({ household, planned }: Home): boolean =>
  ['late', 'due'].includes(dueTone(planned?.due ?? household?.due ?? null, planned?.outcome));
const order = (a: string, b: string): number => a.localeCompare(b, 'zh', { numeric: true });
const byRoom = (a: Home, b: Home): number => order(a.room, b.room);

function parts({ values, name }: Rec): [string, string] {
  const text = (field: string) => String(values[field] ?? '');
  const building = [text('address'), text('building')].filter(Boolean).join(' ');
  const room = [text('unit'), text('room')].filter(Boolean).join('-');
  return [building || name, room || name];
}
