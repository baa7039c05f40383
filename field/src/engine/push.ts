/** Sends what waits: first ones first, in batches; each stays until the office's answer to it lies here. */

import { utf8 } from './bytes.ts';
import type { Progress, Report } from './engine.ts';
import { Trouble } from './engine.ts';
import type { Door, World } from './door.ts';
import { NotTaken } from './door.ts';
import type { Operation } from './operations.ts';
import { inOrder, wire } from './operations.ts';
import type { Queue } from './queue.ts';
import type { Answer } from './rows.ts';

const MOST = 50;
const MOST_BYTES = 500_000;
/** A held one is asked after again, in case the word of its end was lost. */
const ASK_AGAIN_MS = 15 * 60_000;
/** The office could read the question and will not take it, however often it is asked. */
const UNREADABLE = new Set([400, 413, 422]);

export interface Round {
  door: Door;
  world: World;
  queue: Queue;
  report: Report;
  progress(progress: Progress): void;
}

export async function push(round: Round): Promise<void> {
  const { queue, world } = round;
  const asked = new Set<string>();
  const all = inOrder(queue.all.filter((one) => ready(one, queue, world.now()))).length;
  for (;;) {
    const waiting = inOrder(queue.all).filter((one) => !asked.has(one.id) && ready(one, queue, world.now()));
    const some = batch(waiting);
    if (some.length === 0) return;
    round.progress({ phase: 'pushing', done: asked.size, of: Math.max(all, asked.size + some.length) });
    for (const one of some) asked.add(one.id);
    await send(round, some);
  }
}

function ready(one: Operation, queue: Queue, now: number): boolean {
  if (one.standing === 'held') return now - Date.parse(one.answeredAt ?? '') > ASK_AGAIN_MS;
  if (one.standing !== 'queued' && one.standing !== 'sending') return false;
  return !(one.filesFirst && one.missing.length > 0) && !queue.blocked(one);
}

/** As many as fit, in order; at least one. */
function batch(waiting: Operation[]): Operation[] {
  const taken: Operation[] = [];
  let bytes = 100;
  for (const one of waiting) {
    bytes += utf8(JSON.stringify(wire(one))).length + 1;
    if (taken.length === MOST || (taken.length > 0 && bytes > MOST_BYTES)) break;
    taken.push(one);
  }
  return taken;
}

async function send(round: Round, some: Operation[]): Promise<void> {
  const { queue, world } = round;
  for (const one of some) if (one.standing === 'queued') one.standing = 'sending';
  try {
    const answers = await asked(round, some);
    const changed = await queue.answered(answers, new Date(world.now()));
    count(round.report, changed);
  } finally {
    for (const one of some) {
      const now = queue.get(one.id);
      if (now?.standing === 'sending') now.standing = 'queued';
    }
  }
}

async function asked(round: Round, some: Operation[]): Promise<Answer[]> {
  const now = new Date(round.world.now()).toISOString();
  try {
    const { json } = await round.door.ask<{ answers: Answer[] }>('POST', '/field/push', { json: { now, operations: some.map(wire) } });
    const sent = new Set(some.map((one) => one.id));
    const answers = (json?.answers ?? []).filter((one) => sent.has(one.id));
    if (answers.length === 0) throw new Trouble('server', 'no answers');
    return answers;
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    if (!UNREADABLE.has(error.status)) throw new Trouble('server', `push: ${error.status}`);
    return halved(round, some, error);
  }
}

/** One that cannot be read must not keep the others here: it is found by halves, and goes to the box. */
async function halved(round: Round, some: Operation[], { said }: NotTaken): Promise<Answer[]> {
  if (some.length > 1) {
    const middle = Math.ceil(some.length / 2);
    const before = await asked(round, some.slice(0, middle));
    return [...before, ...(await asked(round, some.slice(middle)))];
  }
  const sentence = typeof said['detail'] === 'string' ? said['detail'] : typeof said['sentence'] === 'string' ? said['sentence'] : '';
  return [{ id: some[0]!.id, result: 'refused', sentence, errors: (said['errors'] as Answer['errors']) ?? {} }];
}

function count(report: Report, changed: Operation[]): void {
  for (const { standing } of changed) {
    if (standing === 'settling') report.sent += 1;
    else if (standing === 'conflict') [report.sent, report.conflicts] = [report.sent + 1, report.conflicts + 1];
    else if (standing === 'held') report.held += 1;
    else if (standing === 'refused') report.refused += 1;
  }
}
