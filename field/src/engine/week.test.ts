import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, GRID, PIN, person, personId } from './testing/cast.ts';
import type { Mishap } from './testing/office.ts';

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`a week on a bad line with restarts: everything arrives once and in order (${seed})`, async () => {
    const next = numbers(seed);
    const bench = new Bench();
    bench.office.give(GRID, [person(1), person(2)]);
    let phone = await bench.phone();
    const trouble = (): Mishap => (next() < 0.2 ? 'cut' : next() < 0.25 ? 'lost' : next() < 0.1 ? new Response('', { status: 503 }) : undefined);
    bench.office.mishap = trouble;
    const photo = new Blob([new Uint8Array(300_000).map((_, at) => (at * seed) % 256)]);
    let said = 0;
    for (let turn = 0; turn < 30; turn += 1) {
      const number = 1 + Math.floor(next() * 2);
      const files = next() < 0.2 ? [{ field: 'photos', file: photo, name: 'a.jpg' }] : [];
      if (files.length) await phone.say({ kind: 'visit', data: { dwelling: personId(number), outcome: 'done', answers: { turn }, place: null }, files });
      else await phone.say({ kind: 'change', subject: personId(number), data: { set: { name: String(turn) }, source: 'visit', on: '2026-11-23' } });
      said += 1;
      if (next() < 0.5) await phone.sync();
      bench.pass(Math.floor(next() * 300));
      if (next() < 0.2) {
        phone = await bench.started();
        await phone.unlock(PIN);
      }
    }
    bench.office.mishap = () => undefined;
    await phone.sync();
    bench.pass(2);
    await phone.sync();
    assert.equal(bench.office.done.length, said);
    const orders = [1, 2].map((number) => bench.office.done.filter((one) => one.subject === personId(number)).map((one) => one.at));
    for (const order of orders) assert.deepEqual(order, [...order].sort());
    assert.deepEqual([phone.waiting(), await bench.store.all('operations'), await bench.store.all('pieces')], [[], [], []]);
    for (const bytes of bench.office.pieces.values()) assert.equal(bytes.length, 300_000);
  });
}
