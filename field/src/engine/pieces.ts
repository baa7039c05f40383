/** Sends files in pieces, each begun where the office says the last attempt ended. */

import { NotTaken } from './door.ts';
import { Trouble } from './engine.ts';
import { piece } from './files.ts';
import type { FileRef, Operation } from './operations.ts';
import { inOrder } from './operations.ts';
import type { Round } from './push.ts';
import type { Shelf } from './shelf.ts';

/** Those of the operations for which `wanted` holds. */
export async function sendFiles(round: Round, shelf: Shelf, wanted: (one: Operation) => boolean): Promise<void> {
  const refs = new Map<string, FileRef>();
  for (const one of inOrder(round.queue.all)) {
    if (!wanted(one)) continue;
    for (const ref of one.data.files ?? []) if (one.missing.includes(ref.sha256)) refs.set(ref.sha256, ref);
  }
  const of = [...refs.values()].reduce((sum, ref) => sum + ref.size, 0);
  let done = 0;
  for (const ref of refs.values()) {
    await sendFile(round, shelf, ref, (bytes) => round.progress({ phase: 'files', done: done + bytes, of }));
    done += ref.size;
  }
}

async function sendFile(round: Round, shelf: Shelf, ref: FileRef, coming: (bytes: number) => void): Promise<void> {
  const { door, queue } = round;
  let have = await had(round, ref);
  for (let again = false; have < ref.size; ) {
    coming(have);
    try {
      const path = `/field/pieces/${ref.sha256}?at=${have}&of=${ref.size}`;
      const { status, json } = await door.ask<{ have: number }>('PUT', path, { bytes: await piece(shelf, ref.sha256, have) });
      const now = status === 201 ? ref.size : (json?.have ?? have);
      if (now <= have) throw new Trouble('server', 'the piece was not kept');
      have = now;
      await queue.fileHas(ref.sha256, have, ref.size);
    } catch (error) {
      if (!(error instanceof NotTaken) || again) throw error instanceof NotTaken ? new Trouble('server', `piece: ${error.status}`) : error;
      again = true; // the office stands elsewhere than it said, or began the file anew
      have = await had(round, ref);
    }
  }
  await queue.fileHas(ref.sha256, ref.size, ref.size);
}

async function had({ door, queue }: Round, ref: FileRef): Promise<number> {
  const { headers } = await door.ask('HEAD', `/field/pieces/${ref.sha256}`);
  const have = Math.min(Number(headers.get('Citong-Have') ?? 0) || 0, ref.size);
  await queue.fileHas(ref.sha256, have, ref.size);
  return have;
}
