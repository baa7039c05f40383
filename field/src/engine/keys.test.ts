import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, GRID, PIN, person } from './testing/cast.ts';

test('the right PIN opens the phone after a restart, and everything is there', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  await bench.phone();
  const again = await bench.started();
  assert.equal(again.state, 'locked');
  assert.deepEqual(again.records(), []);
  assert.equal(await again.unlock(PIN), 'open');
  assert.deepEqual(again.records().map((one) => one.name), ['陈志强1']);
  assert.equal(again.account?.name, '蔡晓燕');
});

test('a weak PIN is not taken', async () => {
  const phone = await new Bench().started();
  for (const pin of ['12345', '111111', '123456', '987654', '12345a']) await assert.rejects(phone.enrol('x', pin), { code: 'pin' });
});

test('nobody signed in on the page: no enrolment', async () => {
  const bench = new Bench();
  bench.office.account = null;
  const phone = await bench.started();
  assert.equal(await phone.signedIn(), null);
  await assert.rejects(phone.enrol('x', PIN), { code: 'signed-out' });
  assert.equal(phone.state, 'new');
});

test('a wrong PIN is counted, also over restarts; a right one sets it back', async () => {
  const bench = new Bench();
  (await bench.phone()).lock();
  const phone = await bench.started();
  assert.equal(await phone.unlock('864213'), 'wrong');
  assert.equal(await phone.unlock('864213'), 'wrong');
  assert.equal((await bench.started()).triesLeft, 8);
  assert.equal(await phone.unlock(PIN), 'open');
  assert.equal(phone.triesLeft, 10);
});

test('ten wrong PINs seal the phone: not even the right one opens it', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  const first = await bench.phone();
  await first.say({ kind: 'change', subject: person(1).id, data: { set: { phone: '13900000000' }, source: 'visit', on: '2026-11-23' } });
  first.lock();
  const phone = await bench.started();
  for (let turn = 1; turn < 10; turn += 1) assert.equal(await phone.unlock('864213'), 'wrong');
  assert.equal(await phone.unlock('864213'), 'sealed');
  assert.equal(await phone.unlock(PIN), 'sealed');
  assert.equal((await bench.started()).state, 'sealed');
});

test('with a sign-in on the page a sealed phone gets a new PIN, and unsent work is there', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  const first = await bench.phone();
  await first.say({ kind: 'change', subject: person(1).id, data: { set: { name: '陈志明' }, source: 'visit', on: '2026-11-23' } });
  first.lock();
  const phone = await bench.started();
  for (let turn = 1; turn <= 10; turn += 1) await phone.unlock('864213');
  bench.office.account = null;
  await assert.rejects(phone.recover('246813'), { code: 'signed-out' });
  bench.office.account = { id: '0192f000-0000-7000-8000-00000000000a', name: '蔡晓燕', language: 'zh-hans' };
  await phone.recover('246813');
  assert.equal(phone.state, 'open');
  assert.equal(phone.waiting().length, 1);
  assert.equal(phone.records()[0]?.name, '陈志明');
  phone.lock();
  assert.equal(await phone.unlock(PIN), 'wrong');
  assert.equal(await phone.unlock('246813'), 'open');
  await phone.sync();
  assert.equal(bench.office.done.length, 1);
});

test('nothing that lies on the phone can be read without the keys', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1, { name: '林秀英', phone: '13812345678' })]);
  const phone = await bench.phone();
  bench.office.mishap = () => 'cut';
  const photo = new Blob(['林秀英的照片'], { type: 'image/jpeg' });
  await phone.say({ kind: 'visit', data: { dwelling: person(1).id, outcome: 'done', answers: { wish: '想看戏' }, place: null }, files: [{ field: 'photos', file: photo, name: '林秀英.jpg' }] });
  await phone.drafts.save('visit:1', { wish: '悄悄话' }, [{ field: 'photos', file: photo, name: '草稿照片.jpg' }]);
  const raw = await bench.raw();
  assert.match(raw, /grid:350502001001/);
  assert.match(raw, /extractable:false/);
  for (const word of ['extractable:true', '林秀英', '13812345678', '想看戏', '悄悄话', '蔡晓燕', '草稿照片', PIN, 'visit"']) assert.ok(!raw.includes(word), word);
});

test('what is found locked cannot even ask the door', async () => {
  const bench = new Bench();
  const phone = await bench.phone();
  phone.lock();
  await assert.rejects(phone.sync(), { code: 'locked' });
  assert.throws(() => phone.edit('x'), { code: 'locked' });
});

test('a revoked phone wipes itself', async () => {
  const bench = new Bench();
  bench.office.give(GRID, [person(1)]);
  const phone = await bench.phone();
  for (const one of bench.office.phones.values()) one.revoked = true;
  assert.equal((await phone.sync()).trouble, 'revoked');
  assert.equal(phone.state, 'revoked');
  assert.deepEqual(phone.records(), []);
  assert.ok(bench.heard.includes('wiped'));
  assert.equal((await bench.started()).state, 'new');
});
