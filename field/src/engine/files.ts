/** Files on the phone: cut into pieces that lie boxed until the office has them. */

import type { Bytes } from './bytes.ts';
import { joined, sha256 } from './bytes.ts';
import type { Attached } from './engine.ts';
import { Trouble } from './engine.ts';
import type { FileRef } from './operations.ts';
import type { Shelf } from './shelf.ts';
import type { Put } from './store.ts';

export const PIECE = 256 * 1024;
const LARGEST = 20 * 1024 * 1024;
/** Of one operation; the office takes no more. */
const MOST = 10;

/** What they are called in an operation, and what is to be written for them. `under` keeps them apart from others' files. */
export async function cut(shelf: Shelf, attached: Attached[], under = ''): Promise<{ refs: FileRef[]; puts: Put[] }> {
  if (attached.length > MOST) throw new Trouble('file', `more than ${MOST} files`);
  const refs: FileRef[] = [];
  const puts: Put[] = [];
  for (const { field, file, name } of attached) {
    if (file.size > LARGEST) throw new Trouble('file', `${name} is larger than 20 MB`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const hash = await sha256(bytes);
    refs.push({ field, sha256: hash, name, type: file.type || 'application/octet-stream', size: bytes.length });
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = await shelf.boxedBytes('pieces', pieceId(under + hash, at / PIECE), bytes.slice(at, at + PIECE), under + hash);
      puts.push({ table: 'pieces', put: [piece] });
    }
  }
  return { refs, puts };
}

/** The rest of the piece in which byte `at` lies. */
export async function piece(shelf: Shelf, hash: string, at: number): Promise<Bytes> {
  const number = Math.floor(at / PIECE);
  const found = await shelf.bytes('pieces', pieceId(hash, number));
  if (!found) throw new Trouble('file', 'a piece of the file is not here');
  return found.slice(at - number * PIECE);
}

export async function whole(shelf: Shelf, { sha256: hash, size, type }: FileRef, under = ''): Promise<Blob> {
  const parts: Bytes[] = [];
  for (let at = 0; at < size; at += PIECE) parts.push(await piece(shelf, under + hash, at));
  return new Blob([joined(...parts)], { type });
}

const pieceId = (hash: string, number: number): string => `${hash}:${number}`;
