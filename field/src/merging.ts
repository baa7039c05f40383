/** Three sides of a field, by the rules of citong/kit/merging.py; both are held to citong/kit/tests/merging.json. */

export type Merge = 'field' | 'guarded';

/** When a field got its value: the record's version then, and the run of changes that said it. */
export interface SaidAt {
  version: number;
  by: string;
}

/** What becomes of the given fields; those that say what stands already are in none of these. */
export interface Merged {
  /** To be written. */
  taken: Record<string, unknown>;
  /** Of those, the value that stood there unseen. */
  over: Record<string, unknown>;
  /** For a person to decide. */
  waiting: Record<string, unknown>;
}

export interface Sides {
  rules: Record<string, Merge>;
  values: Record<string, unknown>;
  said: Record<string, SaidAt>;
  given: Record<string, unknown>;
  /** The version its sender had seen. */
  base: number;
  /** The sender's run of changes: what it said before is no surprise to it. */
  branch: string;
}

export function merge({ rules, values, said, given, base, branch }: Sides): Merged {
  const merged: Merged = { taken: {}, over: {}, waiting: {} };
  for (const [name, value] of Object.entries(given)) {
    const now = values[name] ?? '';
    if (same(now, value)) continue;
    const last = said[name];
    const unseen = last !== undefined && last.version > base && last.by !== branch;
    if (unseen && rules[name] === 'guarded') {
      merged.waiting[name] = value;
      continue;
    }
    merged.taken[name] = value;
    if (unseen) merged.over[name] = now;
  }
  return merged;
}

/** Equal as JSON values. */
function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
