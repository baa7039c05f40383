import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft, Engine } from './engine.ts';
import { Bench, GRID, person, personId } from './testing/cast.ts';
import { said } from './testing/office.ts';

const ON = '2026-11-23';
const change = (number: number, name: string): Draft => ({ kind: 'change', subject: personId(number), data: { set: { name }, source: 'visit', on: ON } });
const newPerson = (name: string): Draft => ({ kind: 'record', data: { kind: 'person', values: { name }, grid: '350502001001', source: 'visit', on: ON } });
const urgent: Draft = { kind: 'open', first: true, data: { service: 'requests', form: { category: 'safety.child', text: '…' } } };

async function ready(): Promise<{ bench: Bench; phone: Engine }> {
  const bench = new Bench();
  bench.office.give(GRID, [person(1), person(2), person(3)]);
  return { bench, phone: await bench.phone() };
}

const kindsDone = (bench: Bench): string[] => bench.office.done.map((one) => one.kind);

test('a suspected harm to a child goes before everything said earlier', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  await phone.say(change(2, '乙'));
  await phone.say(urgent);
  assert.equal(phone.waiting()[0]?.kind, 'open');
  await phone.sync();
  assert.deepEqual(kindsDone(bench), ['open', 'change', 'change']);
});

test('what goes first takes with it what it builds on', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(2, '乙'));
  const id = await phone.say(newPerson('新人'));
  await phone.say({ kind: 'tie', first: true, data: { kind: 'cares_for', subject: id, object: personId(1), since: ON, source: 'told' } });
  await phone.sync();
  assert.deepEqual(kindsDone(bench), ['record', 'tie', 'change']);
});

test('an answer that is lost on the way loses nothing and doubles nothing', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  bench.office.mishap = (call) => (call.path === '/field/push' ? 'lost' : undefined);
  assert.equal((await phone.sync()).trouble, 'offline');
  assert.equal(phone.waiting().length, 1);
  bench.office.mishap = () => undefined;
  const report = await phone.sync();
  assert.deepEqual([report.sent, report.trouble], [1, null]);
  assert.equal(bench.office.done.length, 1);
  assert.equal(phone.waiting().length, 0);
});

test('the app closed in the middle of a push sends the same operation again', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  bench.office.mishap = (call) => (call.path === '/field/push' ? 'lost' : undefined);
  await phone.sync();
  bench.office.mishap = () => undefined;
  const again = await bench.started();
  await again.unlock('135790');
  await again.sync();
  const ids = bench.office.asked('/field/push').flatMap((call) => call.json.operations.map((one: { id: string }) => one.id));
  assert.equal(new Set(ids).size, 1);
  assert.equal(bench.office.done.length, 1);
});

test('a refused one blocks no other, and says why until it is mended', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, ''));
  await phone.say(change(2, '乙'));
  bench.office.judge = (one) => ((one.data['set'] as { name: string }).name ? {} : { result: 'refused', sentence: '请填写姓名。', errors: { name: ['必填'] } });
  const report = await phone.sync();
  assert.deepEqual([report.sent, report.refused], [1, 1]);
  const [box, ...rest] = phone.waiting();
  assert.deepEqual([rest.length, box?.state, box?.sentence, box?.errors], [0, 'refused', '请填写姓名。', { name: ['必填'] }]);
  assert.equal(phone.record(personId(1))?.name, '陈志强1');

  const draft = await phone.edit(box!.id);
  assert.equal(draft.kind === 'change' && draft.data.set['name'], '');
  await phone.sayInstead(box!.id, change(1, '甲'));
  assert.deepEqual(phone.waiting().map((one) => one.state), ['queued']);
  await phone.sync();
  assert.deepEqual(bench.office.done.map((one) => (one.data['set'] as { name: string }).name), ['', '乙', '甲']);
  assert.equal(phone.waiting().length, 0);
});

test('what speaks of a refused new record waits for its mending, and builds on the mended one', async () => {
  const { bench, phone } = await ready();
  const id = await phone.say(newPerson(''));
  bench.office.judge = () => ({ result: 'refused', sentence: '请填写姓名。' });
  await phone.sync();
  await phone.say({ kind: 'tie', data: { kind: 'cares_for', subject: id, object: personId(1), since: ON, source: 'told' } });
  bench.office.judge = () => ({});
  await phone.sync();
  assert.deepEqual(phone.waiting().map((one) => one.state), ['held', 'refused']);
  await phone.sayInstead(phone.waiting()[1]!.id, newPerson('新人'));
  await phone.sync();
  assert.deepEqual(bench.office.done.map((one) => [one.kind, one.subject === id]), [['record', true], ['record', true], ['tie', false]]);
  assert.equal(phone.waiting().length, 0);
});

test('what was refused together with a new record goes again when the record is mended', async () => {
  const { bench, phone } = await ready();
  const id = await phone.say(newPerson(''));
  await phone.say({ kind: 'tie', data: { kind: 'cares_for', subject: id, object: personId(1), since: ON, source: 'told' } });
  bench.office.judge = () => ({ result: 'refused', sentence: '请填写姓名。' });
  await phone.sync();
  const [record, tie] = phone.waiting();
  assert.deepEqual([record!.state, tie!.state], ['refused', 'refused']);
  bench.office.judge = () => ({});
  await phone.sayInstead(record!.id, newPerson('新人'));
  await phone.sync();
  assert.equal(phone.waiting().length, 0);
  const told = bench.office.done.slice(2);
  assert.deepEqual(told.map((one) => [one.kind, one.instead]), [['record', record!.id], ['tie', tie!.id]]);
  assert.equal(told[1]!.after, told[0]!.id);
});

test('a refused one that is put away is gone with its files', async () => {
  const { bench, phone } = await ready();
  bench.office.judge = () => ({ result: 'refused', sentence: '不在您的网格。' });
  await phone.say({ ...urgent, files: [{ field: 'photos', file: new Blob(['x'.repeat(300_000)]), name: 'a.jpg' }] });
  await phone.sync();
  const [box] = phone.waiting();
  await phone.drop(box!.id, true);
  assert.equal(phone.waiting().length, 0);
  assert.deepEqual(await bench.store.all('pieces'), []);
});

test('only what was refused can be put away', async () => {
  const { phone } = await ready();
  await phone.say(change(1, '甲'));
  await assert.rejects(phone.drop(phone.waiting()[0]!.id, true), { code: 'storage' });
});

test('a conflict is shown until it is seen', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  bench.office.judge = () => ({ result: 'conflict', version: 3, sentence: '办公室也改了。' });
  bench.office.tell(GRID, { ...person(1, { name: '甲' }, 3) });
  assert.equal((await phone.sync()).conflicts, 1);
  assert.deepEqual(phone.waiting().map((one) => [one.state, one.sentence]), [['conflict', '办公室也改了。']]);
  assert.deepEqual(phone.record(personId(1))?.unsent, []);
  await phone.seen(phone.waiting()[0]!.id);
  assert.equal(phone.waiting().length, 0);
  await phone.sync();
  assert.deepEqual(await bench.store.all('operations'), []);
});

test('a held one is asked after again, and hears its end by a row too', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  await phone.say(change(2, '乙'));
  bench.office.judge = () => ({ result: 'held', sentence: '等待前一项。' });
  await phone.sync();
  assert.deepEqual(phone.waiting().map((one) => one.state), ['held', 'held']);
  const [one, two] = phone.waiting();
  bench.office.tell(GRID, { what: 'operation', id: one!.id, version: 1, result: 'refused', sentence: '没有这个人。' });
  await phone.sync();
  assert.deepEqual(phone.waiting().map((w) => w.state).sort(), ['held', 'refused']);
  bench.office.operations.set(two!.id, { id: two!.id, result: 'done', version: 2 });
  bench.pass(20);
  await phone.sync();
  assert.deepEqual(phone.waiting().map((w) => w.state), ['refused']);
});

test('the office shows what was said until its own row has come', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  await phone.sync(); // done, but the row's transaction is told later
  assert.equal(phone.record(personId(1))?.name, '甲');
  bench.office.tell(GRID, person(1, { name: '甲' }, 2));
  await phone.sync();
  assert.equal(phone.record(personId(1))?.name, '甲');
  assert.deepEqual(await bench.store.all('operations'), []);
});

test('no batch has more than fifty operations', async () => {
  const { bench, phone } = await ready();
  for (let number = 0; number < 120; number += 1) await phone.say(change(1 + (number % 3), `第${number}次`));
  await phone.sync();
  assert.deepEqual(bench.office.asked('/field/push').map((call) => call.json.operations.length), [50, 50, 20]);
  assert.deepEqual(bench.office.done.map((one) => (one.data['set'] as { name: string }).name), Array.from({ length: 120 }, (_, n) => `第${n}次`));
});

test('no batch is larger than half a megabyte', async () => {
  const { bench, phone } = await ready();
  for (let number = 0; number < 6; number += 1) await phone.say({ ...urgent, first: false, data: { service: 'requests', form: { text: '长'.repeat(50_000) } } });
  await phone.sync();
  assert.ok(bench.office.asked('/field/push').every((call) => call.bytes.length <= 500_000));
  assert.equal(bench.office.done.length, 6);
});

test('one that the office cannot read is found by halves, and the others go through', async () => {
  const { bench, phone } = await ready();
  for (const name of ['甲', '毒', '乙', '丙']) await phone.say(change(1, name));
  bench.office.mishap = (call) => (call.path === '/field/push' && call.json.operations.some((one: any) => one.data.set.name === '毒') ? said(400, { detail: '无法读取。' }) : undefined);
  await phone.sync();
  assert.equal(bench.office.done.length, 3);
  assert.deepEqual(phone.waiting().map((one) => [one.state, one.sentence]), [['refused', '无法读取。']]);
});

test('a phone whose clock is wrong learns the time and is understood', async () => {
  const { bench, phone } = await ready();
  bench.office.now = () => bench.clock + 3 * 3_600_000;
  await phone.say(change(1, '甲'));
  assert.equal((await phone.sync()).trouble, null);
  assert.equal(bench.office.done.length, 1);
});

test('the sign-in page of a hotel is no line', async () => {
  const { bench, phone } = await ready();
  await phone.say(change(1, '甲'));
  bench.office.mishap = () => new Response('<html>Welcome', { headers: { 'Content-Type': 'text/html' } });
  assert.equal((await phone.sync()).trouble, 'offline');
  assert.equal(phone.online, false);
  assert.equal(phone.waiting().length, 1);
});

test('what is unsent for more than a day is said', async () => {
  const { bench, phone } = await ready();
  bench.office.mishap = () => 'cut';
  await phone.say(change(1, '甲'));
  assert.equal(phone.overdue, false);
  bench.pass(25 * 60);
  assert.equal(phone.overdue, true);
  assert.equal(phone.oldestUnsent?.getTime(), bench.clock - 25 * 3_600_000);
});

test('two windows do not send at once, and each hears of the other', async () => {
  const { bench, phone } = await ready();
  const other = await bench.started();
  await other.unlock('135790');
  await phone.say(change(1, '甲'));
  assert.ok(bench.heard.includes('changed'));
  for (const hear of bench.hearers) hear('changed');
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(other.record(personId(1))?.name, '甲');
  bench.free = false;
  await other.sync();
  assert.equal(bench.office.done.length, 0);
});
