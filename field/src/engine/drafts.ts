/** Forms half filled in, kept with their photos until they are said or dropped. */

import type { Attached, Drafts, Kept, Values } from './engine.ts';
import { cut, whole } from './files.ts';
import type { FileRef } from './operations.ts';
import type { Shelf } from './shelf.ts';
import type { Put } from './store.ts';

interface Lying {
  values: Values;
  refs: FileRef[];
  at: string;
}

/** Its files' pieces lie under hashes of their own draft, so that they never share with what waits to be sent. */
export function draftsOn(open: () => Shelf, now: () => number): Drafts {
  return {
    async save(key, values, files = []) {
      const shelf = open();
      const before = await shelf.get<Lying>('drafts', key);
      const { refs, puts } = await cut(shelf, files, `draft ${key} `);
      const gone = (before?.refs ?? []).filter((old) => !refs.some((ref) => ref.sha256 === old.sha256));
      const lying: Lying = { values, refs, at: new Date(now()).toISOString() };
      await shelf.write([...dropping(key, gone), ...puts, { table: 'drafts', put: [await shelf.boxed('drafts', key, lying)] }]);
    },

    async load(key) {
      const lying = await open().get<Lying>('drafts', key);
      return lying ? kept(open(), key, lying) : null;
    },

    async drop(key) {
      const shelf = open();
      const before = await shelf.get<Lying>('drafts', key);
      await shelf.write([...dropping(key, before?.refs ?? []), { table: 'drafts', drop: [key] }]);
    },

    async list() {
      const all = await open().all<Lying>('drafts');
      const found = await Promise.all(all.map(({ id, value }) => kept(open(), id, value)));
      return found.sort((a, b) => b.at.localeCompare(a.at));
    },
  };
}

async function kept(shelf: Shelf, key: string, { values, refs, at }: Lying): Promise<Kept> {
  const files = refs.map(async (ref): Promise<Attached> => ({ field: ref.field, name: ref.name, file: await whole(shelf, ref, `draft ${key} `) }));
  return { key, values, at, files: await Promise.all(files) };
}

const dropping = (key: string, refs: FileRef[]): Put[] => refs.map((ref) => ({ table: 'pieces', dropScope: `draft ${key} ${ref.sha256}` }));
