import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from './engine.ts';
import { Bench, GRID, person, personId } from './testing/cast.ts';

const OTHER = 'grid:350502001002';

async function ready(): Promise<{ bench: Bench; phone: Engine }> {
  const bench = new Bench();
  bench.office.give(GRID, [person(1), person(2)]);
  return { bench, phone: await bench.phone() };
}

const change = (phone: Engine, number: number): Promise<string> =>
  phone.say({ kind: 'change', subject: personId(number), data: { set: { phone: '13900000000' }, source: 'visit', on: '2026-11-23' } });

test('changes come, page by page, and what is gone goes', async () => {
  const { bench, phone } = await ready();
  bench.office.most = 2;
  for (let number = 3; number < 10; number += 1) bench.office.tell(GRID, person(number));
  bench.office.tell(GRID, { what: 'record', id: personId(1), gone: true });
  await phone.sync();
  assert.equal(phone.records().length, 8);
  assert.equal(phone.record(personId(1)), null);
});

test('nothing changed: one question, and the cursors stay', async () => {
  const { bench, phone } = await ready();
  bench.office.calls = [];
  const report = await phone.sync();
  assert.deepEqual(bench.office.calls.map((call) => call.path), ['/field/pull']);
  assert.equal(report.received, 0);
});

test('a new grid is filled, a lost one forgotten and said to be', async () => {
  const { bench, phone } = await ready();
  bench.office.give(OTHER, [person(7)]);
  bench.office.given.delete(GRID);
  await phone.sync();
  assert.deepEqual(phone.records().map((one) => one.id), [personId(7)]);
  assert.deepEqual(phone.grids(), ['350502001002']);
  assert.deepEqual(bench.office.forgotten, [GRID]);
  assert.ok(!(await bench.raw()).includes(GRID));
});

test('forgetting is said again until the office has heard it', async () => {
  const { bench, phone } = await ready();
  bench.office.given.delete(GRID);
  bench.office.mishap = (call) => (call.path === '/field/forgotten' ? 'cut' : undefined);
  await phone.sync();
  assert.deepEqual(bench.office.forgotten, []);
  bench.office.mishap = () => undefined;
  await phone.sync();
  assert.deepEqual(bench.office.forgotten, [GRID]);
});

test('forgetting a grid keeps what was said about it, and it is sent', async () => {
  const { bench, phone } = await ready();
  bench.office.mishap = (call) => (call.path === '/field/push' ? new Response('', { status: 500 }) : undefined);
  await change(phone, 1);
  bench.office.given.delete(GRID);
  await phone.sync();
  assert.equal(phone.waiting().length, 1);
  bench.office.mishap = () => undefined;
  await phone.sync();
  assert.equal(bench.office.done.length, 1);
});

test('a first load that breaks off is begun anew, never taken for whole', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  bench.office.mishap = (call) => (call.path.startsWith('/field/first') ? 'cut' : undefined);
  const phone = await bench.phone();
  assert.deepEqual([phone.records().length, phone.problem, phone.grids()], [0, 'offline', []]);
  bench.office.mishap = () => undefined;
  await phone.sync();
  assert.equal(phone.records().length, 1);
});

test('a row in two scopes stays while one of them holds it', async () => {
  const { bench, phone } = await ready();
  bench.office.give(OTHER, []);
  await phone.sync();
  bench.office.tell(OTHER, { ...person(1, {}, 2), grid: '350502001002' });
  bench.office.tell(GRID, { what: 'record', id: personId(1), gone: true });
  await phone.sync();
  assert.equal(phone.record(personId(1))?.grid, '350502001002');
  bench.office.tell(OTHER, { what: 'record', id: personId(1), gone: true });
  await phone.sync();
  assert.equal(phone.record(personId(1)), null);
});

test('once a day both look whether they hold the same; the repair of a scope loses nothing unsent', async () => {
  const { bench, phone } = await ready();
  bench.office.mishap = (call) => (call.path === '/field/push' ? new Response('', { status: 500 }) : undefined);
  await change(phone, 1);
  await phone.drafts.save('visit:1', { wish: '想看戏' });
  bench.office.scopes.set(GRID, [person(1), person(3)]); // as if a change had been missed
  bench.office.wrong = [GRID];
  await phone.sync();
  assert.equal(bench.office.asked('/field/footprint').length, 0);
  bench.pass(25 * 60);
  await phone.sync();
  const [asked] = bench.office.asked('/field/footprint');
  assert.equal(asked?.json.scopes[GRID][0], 2);
  assert.deepEqual(phone.records().map((one) => one.id), [personId(1), personId(3)]);
  assert.equal(phone.waiting().length, 1);
  assert.equal((await phone.drafts.load('visit:1'))?.values['wish'], '想看戏');
  bench.pass(10);
  await phone.sync();
  assert.equal(bench.office.asked('/field/footprint').length, 1);
});

test('the footprint is the count and the hash of sorted names and versions', async () => {
  const { bench, phone } = await ready();
  bench.pass(25 * 60);
  await phone.sync();
  const { createHash } = await import('node:crypto');
  const lines = [1, 2].map((number) => `record:${personId(number)}:1\n`).sort().join('');
  assert.deepEqual(bench.office.asked('/field/footprint')[0]?.json.scopes, { [GRID]: [2, createHash('sha256').update(lines).digest('hex')] });
});

test('the office hears how much waits', async () => {
  const { bench, phone } = await ready();
  bench.office.mishap = (call) => (call.path === '/field/push' ? new Response('', { status: 500 }) : undefined);
  await change(phone, 1);
  await phone.sync();
  const { waiting, oldest, app } = bench.office.asked('/field/pull').at(-1)!.json;
  assert.deepEqual([waiting, oldest, app], [1, new Date(bench.clock).toISOString(), 'v1']);
});

test('a database that the system closed is opened again', async () => {
  const { bench, phone } = await ready();
  bench.store.close();
  await change(phone, 1);
  assert.equal(phone.waiting().length, 1);
});

test('a full phone says so, and the form keeps its words', async () => {
  const { bench, phone } = await ready();
  const write = bench.store.write.bind(bench.store);
  const { Dexie } = await import('dexie');
  bench.store.write = async () => {
    const { Trouble } = await import('./engine.ts');
    throw new Trouble('full', new Dexie.QuotaExceededError().message);
  };
  await assert.rejects(change(phone, 1), { code: 'full' });
  bench.store.write = write;
  assert.equal(phone.waiting().length, 0);
});
