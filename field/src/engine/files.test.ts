import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Draft, Engine } from './engine.ts';
import { PIECE } from './files.ts';
import { Bench, GRID, PIN, person, personId } from './testing/cast.ts';

const photo = new Blob([new Uint8Array(PIECE * 2 + 1000).map((_, at) => at % 251)], { type: 'image/jpeg' });
const visit: Draft = { kind: 'visit', data: { dwelling: personId(1), outcome: 'done', answers: {}, place: null }, files: [{ field: 'photos', file: photo, name: 'a.jpg' }] };
const hashOf = async (blob: Blob): Promise<string> => createHash('sha256').update(new Uint8Array(await blob.arrayBuffer())).digest('hex');

async function ready(): Promise<{ bench: Bench; phone: Engine }> {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  return { bench, phone: await bench.phone() };
}

test('a photo follows its visit in pieces, and is gone from here when both are there', async () => {
  const { bench, phone } = await ready();
  await phone.say(visit);
  const [waits] = phone.waiting();
  assert.deepEqual(waits?.files, [{ name: 'a.jpg', size: photo.size, sent: 0 }]);
  await phone.sync();
  const hash = await hashOf(photo);
  assert.deepEqual(bench.office.done[0]?.data['files'], [{ field: 'photos', sha256: hash, name: 'a.jpg', type: 'image/jpeg', size: photo.size }]);
  assert.equal(createHash('sha256').update(bench.office.pieces.get(hash)!).digest('hex'), hash);
  assert.ok(bench.office.asked('/field/pieces').every((call) => call.bytes.length <= PIECE));
  bench.pass(2);
  await phone.sync();
  assert.deepEqual(await bench.store.all('pieces'), []);
  assert.equal(phone.waiting().length, 0);
});

test('a photo goes on where the line broke, after a restart too', async () => {
  const { bench, phone } = await ready();
  await phone.say(visit);
  bench.office.mishap = (call) => (call.path.includes(`at=${PIECE}&`) ? 'cut' : undefined);
  assert.equal((await phone.sync()).trouble, 'offline');
  assert.deepEqual(phone.waiting()[0]?.files.map((one) => one.sent), [PIECE]);
  bench.office.mishap = () => undefined;
  bench.office.calls = [];
  const again = await bench.started();
  await again.unlock(PIN);
  await again.sync();
  assert.deepEqual(bench.office.asked('/field/pieces').filter((call) => call.method === 'PUT').map((call) => new URLSearchParams(call.path.split('?')[1]).get('at')), [String(PIECE), String(2 * PIECE)]);
  assert.equal(bench.office.done.length, 1);
});

test('a piece whose answer was lost is not sent twice into the file', async () => {
  const { bench, phone } = await ready();
  await phone.say(visit);
  let lost = false;
  bench.office.mishap = (call) => (call.method === 'PUT' && !lost ? ((lost = true), 'lost') : undefined);
  await phone.sync();
  await phone.sync();
  assert.equal(createHash('sha256').update(bench.office.pieces.get(await hashOf(photo))!).digest('hex'), await hashOf(photo));
});

test('where the form asks for files they go before the operation', async () => {
  const { bench, phone } = await ready();
  const errand = { what: 'case' as const, id: personId(50), version: 3, number: 'QZ1', service: 'errands', state: 'under_way', title: '', text: '', address: '', at: null, due: null, mine: true };
  bench.office.give('account:a', [errand]);
  await phone.sync();
  await phone.say({ kind: 'act', subject: personId(50), data: { case: personId(50), act: 'finish', form: {} }, files: [{ field: 'signature', file: photo, name: 's.jpg' }] });
  bench.office.calls = [];
  await phone.sync();
  const order = bench.office.calls.map((call) => `${call.method} ${call.path.split('/')[2]?.split('?')[0]}`);
  assert.ok(order.indexOf('POST push') > order.lastIndexOf('PUT pieces'), order.join());
  assert.equal(bench.office.done.length, 1);
});

test('the same photo for two visits is sent once and stays until both are done', async () => {
  const { bench, phone } = await ready();
  await phone.say(visit);
  await phone.say(visit);
  await phone.sync();
  assert.equal(bench.office.asked('/field/pieces').filter((call) => call.method === 'PUT').length, 3);
  bench.pass(2);
  await phone.sync();
  assert.deepEqual(await bench.store.all('pieces'), []);
});

test('a draft keeps its photos over a restart, and apart from what is sent', async () => {
  const { bench, phone } = await ready();
  await phone.drafts.save('visit:1', { wish: '戏' }, visit.files);
  await phone.say(visit);
  await phone.sync();
  bench.pass(2);
  await phone.sync();
  const again = await bench.started();
  await again.unlock(PIN);
  const kept = await again.drafts.load('visit:1');
  assert.equal(await hashOf(kept!.files[0]!.file), await hashOf(photo));
  await again.drafts.drop('visit:1');
  assert.deepEqual([await again.drafts.list(), await bench.store.all('pieces')], [[], []]);
});

test('what waits can be taken out as a file that anybody can read', async () => {
  const { bench, phone } = await ready();
  bench.office.mishap = () => 'cut';
  const small = new Blob(['签名'], { type: 'image/png' });
  await phone.say({ ...visit, files: [{ field: 'photos', file: small, name: 's.png' }] } as Draft);
  const told = JSON.parse(await (await phone.exportWaiting()).text());
  const hash = await hashOf(small);
  assert.equal(told.account.name, '蔡晓燕');
  assert.equal(told.operations[0].kind, 'visit');
  assert.equal(told.operations[0].data.files[0].sha256, hash);
  assert.equal(await (await fetch(told.files[hash].content)).text(), '签名');
});

test('nothing waits: the file says so', async () => {
  const { phone } = await ready();
  assert.deepEqual(JSON.parse(await (await phone.exportWaiting()).text()).operations, []);
});
