/** Fetches what changed, fills scopes that were given, forgets those that were taken, and says so. */

import { NotTaken } from './door.ts';
import type { Present } from './present.ts';
import type { Round } from './push.ts';
import type { Answer, First, OperationRow, Pulled, Told } from './rows.ts';
import type { Shelf } from './shelf.ts';

export interface Pulling extends Round {
  shelf: Shelf;
  present: Present;
  /** The app's version here. */
  app: string;
  /** Hears of the newest version. */
  newest(app: string): void;
}

export async function pull(round: Pulling): Promise<void> {
  await tellForgotten(round);
  for (let more = true; more; ) {
    const { json } = await round.door.ask<Pulled>('POST', '/field/pull', { json: question(round) });
    if (!json) return;
    await takeRows(round, json.rows ?? [], json.scopes ?? {});
    for (const scope of json.forget ?? []) await forget(round, scope);
    await tellForgotten(round);
    for (const scope of json.fill ?? []) await fill(round, scope);
    if (json.app) round.newest(json.app);
    more = json.more === true && moved(json);
    round.progress({ phase: 'pulling', done: round.report.received, of: 0 });
  }
}

/** Asks whether what lies here is what the office thinks; a scope that is not is filled anew. Unsent work is apart from it. */
export async function checkFootprint(round: Pulling): Promise<string[]> {
  const scopes = await round.present.footprint();
  const { json } = await round.door.ask<{ wrong: string[] }>('POST', '/field/footprint', { json: { scopes } });
  for (const scope of json?.wrong ?? []) await fill(round, scope);
  return json?.wrong ?? [];
}

function question({ present, queue, app }: Pulling): object {
  const waiting = queue.all.filter((one) => one.standing !== 'settling' && one.standing !== 'conflict');
  const oldest = waiting.map((one) => one.at).sort()[0] ?? null;
  return { scopes: present.cursors, waiting: waiting.length, oldest, app };
}

async function takeRows(round: Pulling, told: Told[], cursors: Record<string, string>): Promise<void> {
  const rows = await withoutOperations(round, told);
  await round.present.take(rows, cursors);
  round.report.received += rows.length;
}

/** The end of an operation that was held or refused at first comes as a row; it is for the queue, not to be kept. */
async function withoutOperations({ queue, world }: Pulling, told: Told[]): Promise<Told[]> {
  const ends = told.filter((one): one is OperationRow => one.what === 'operation' && !('gone' in one));
  const answers = ends.filter((one) => queue.get(one.id)?.answer && !same(queue.get(one.id)!.answer!, one));
  if (answers.length > 0) await queue.answered(answers, new Date(world.now()));
  return told.filter((one) => one.what !== 'operation');
}

const same = (one: Answer, other: Answer): boolean => one.result === other.result && one.sentence === other.sentence;

async function fill(round: Pulling, scope: string): Promise<void> {
  const { door, present, report } = round;
  const path = `/field/first/${encodeURIComponent(scope)}`;
  try {
    const { json } = await door.ask<First>('GET', path, { coming: (bytes) => round.progress({ phase: 'first', done: bytes, of: 0 }) });
    if (!json) return;
    const rows = await withoutOperations(round, json.rows);
    await present.fill(scope, json.cursor, rows, (done) => round.progress({ phase: 'first', done, of: rows.length }));
    report.received += rows.length;
  } catch (error) {
    // Taken away between the two questions; the next pull says so.
    if (!(error instanceof NotTaken && (error.status === 403 || error.status === 404))) throw error;
  }
}

async function forget({ present, shelf }: Pulling, scope: string): Promise<void> {
  const told = (await shelf.get<string[]>('meta', 'forgotten')) ?? [];
  const forgotten = await shelf.boxed('meta', 'forgotten', [...new Set([...told, scope])]);
  await present.forget(scope, [{ table: 'meta', put: [forgotten] }]);
}

/** The office hears what was forgotten, again and again until it has said that it heard. */
async function tellForgotten({ door, shelf }: Pulling): Promise<void> {
  const scopes = (await shelf.get<string[]>('meta', 'forgotten')) ?? [];
  if (scopes.length === 0) return;
  await door.ask('POST', '/field/forgotten', { json: { scopes } });
  await shelf.drop('meta', 'forgotten');
}

const moved = ({ rows, fill: fills, forget: forgets }: Pulled): boolean => (rows?.length ?? 0) + (fills?.length ?? 0) + (forgets?.length ?? 0) > 0;
