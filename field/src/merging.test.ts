import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Merge } from './merging.ts';
import { merge } from './merging.ts';

interface Example {
  it: string;
  rules: Record<string, Merge>;
  values: Record<string, unknown>;
  said: Record<string, [number, string]>;
  given: Record<string, unknown>;
  base: number;
  branch: string;
  taken: Record<string, unknown>;
  over: Record<string, unknown>;
  waiting: Record<string, unknown>;
}

const EXAMPLES = JSON.parse(readFileSync(new URL('../../citong/kit/tests/merging.json', import.meta.url), 'utf8')) as Example[];

for (const one of EXAMPLES) {
  test(one.it, () => {
    const said = Object.fromEntries(Object.entries(one.said).map(([name, [version, by]]) => [name, { version, by }]));
    const { taken, over, waiting } = one;
    assert.deepEqual(merge({ ...one, said }), { taken, over, waiting });
  });
}
