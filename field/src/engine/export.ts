/** What waits, as a file for a colleague at a desk. It is not encrypted: it must be readable without this phone. */

import type { Account, Id } from './engine.ts';
import { whole } from './files.ts';
import type { FileRef, Operation } from './operations.ts';
import { inOrder, wire } from './operations.ts';
import type { Shelf } from './shelf.ts';

const LARGEST_FILE = 2 * 1024 * 1024;

export interface Exporting {
  shelf: Shelf;
  account: Account;
  device: { id: Id; name: string };
  at: Date;
}

/** Unsent, held and refused operations with their files; larger ones are named only. */
export async function exported(operations: Operation[], { shelf, account, device, at }: Exporting): Promise<Blob> {
  const told = inOrder(operations.filter((one) => one.standing !== 'settling' || one.missing.length > 0));
  const head = { format: 'citong field operations 1', at: at.toISOString(), device, account: { id: account.id, name: account.name } };
  const said = told.map((one) => ({ ...wire(one), standing: one.standing, sentence: one.answer?.sentence ?? '', errors: one.answer?.errors ?? {} }));
  const parts: BlobPart[] = [JSON.stringify({ ...head, operations: said }, null, 1).slice(0, -2), ',\n "files": {'];
  let first = true;
  for (const ref of refsOf(told)) {
    const content = ref.size <= LARGEST_FILE ? await dataUrl(shelf, ref) : null;
    parts.push(`${first ? '' : ','}\n  ${JSON.stringify(ref.sha256)}: ${JSON.stringify({ name: ref.name, type: ref.type, size: ref.size, content })}`);
    first = false;
  }
  return new Blob([...parts, '\n }\n}\n'], { type: 'application/json' });
}

function refsOf(operations: Operation[]): FileRef[] {
  return [...new Map(operations.flatMap((one) => one.data.files ?? []).map((ref) => [ref.sha256, ref])).values()];
}

async function dataUrl(shelf: Shelf, ref: FileRef): Promise<string> {
  const bytes = new Uint8Array(await (await whole(shelf, ref)).arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:${ref.type};base64,${btoa(binary)}`;
}
