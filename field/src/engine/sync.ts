/** One round with the office: what goes, what comes, files, and once a day whether both hold the same. */

import type { Code, Progress, Report } from './engine.ts';
import { Trouble } from './engine.ts';
import type { Operation } from './operations.ts';
import { unsent } from './operations.ts';
import { key } from './overlay.ts';
import { sendFiles } from './pieces.ts';
import type { Pulling } from './pull.ts';
import { checkFootprint, pull } from './pull.ts';
import { push } from './push.ts';
import type { Reference } from './reference.ts';

const DAY_MS = 86_400_000;
/** A row of a transaction that was still open when we asked comes with a later pull; so long its word here stands in. */
const LATE_MS = 60_000;

export const nothing = (trouble: Code | null = null): Report => ({ sent: 0, conflicts: 0, refused: 0, held: 0, received: 0, trouble });

/** All of it, as far as it goes. The first thing that did not go is in the report; `revoked` and `locked` end the round. */
export async function round(pulling: Pulling, reference: Reference): Promise<Report> {
  const { queue, report, shelf, world } = pulling;
  await queue.load();
  const steps: (() => Promise<void>)[] = [
    () => push(pulling),
    () => sendFiles(pulling, shelf, (one) => unsent(one) && one.filesFirst),
    () => push(pulling), // those whose files were to go first
    async () => {
      const began = world.now();
      await pull(pulling);
      await queue.settle((one) => arrived(one, pulling, began));
    },
    () => reference.refresh(pulling.door, world.now()),
    () => sendFiles(pulling, shelf, (one) => one.answer !== null && one.standing !== 'refused' && one.standing !== 'held'),
    async () => {
      await queue.settle((one) => arrived(one, pulling, world.now()));
      await daily(pulling);
    },
  ];
  for (const step of steps) {
    const code = await step().then(() => null, codeOf);
    report.trouble ??= code;
    if (code && code !== 'server') break;
  }
  return report;
}

export function codeOf(error: unknown): Code {
  if (error instanceof Trouble) return error.code;
  console.error(error);
  return 'server';
}

/** Whether the office's own row of it is here. */
function arrived(one: Operation, { present }: Pulling, began: number): boolean {
  const version = one.answer?.version ?? null;
  const what = { record: 'record', change: 'record', end: 'record', tie: 'tie', untie: 'tie', visit: 'household', act: 'case' } as const;
  const about = what[one.kind as keyof typeof what];
  const row = about && present.rows.get(key(about, one.subject));
  if (row && version !== null && (row.version ?? 0) >= version) return true;
  if (one.kind === 'open' && one.answer?.number) {
    for (const here of present.rows.values()) if (here.what === 'case' && here.number === one.answer.number) return true;
  }
  return Date.parse(one.answeredAt ?? '') + LATE_MS < began;
}

async function daily(pulling: Pulling): Promise<void> {
  const { shelf, world } = pulling;
  const last = (await shelf.get<number>('meta', 'footprint')) ?? 0;
  if (last === 0) return shelf.put('meta', 'footprint', world.now()); // what was just loaded needs no look
  if (world.now() - last < DAY_MS) return;
  await checkFootprint(pulling);
  await shelf.put('meta', 'footprint', world.now());
}

export type { Progress };
