import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, GRID, person, personId } from './testing/cast.ts';
import type { Draft, Engine } from './engine.ts';

const change = (set: Record<string, unknown>, number = 1): Draft => ({ kind: 'change', subject: personId(number), data: { set, source: 'visit', on: '2026-11-23' } });
const phoneOf = async (phone: Engine, number = 1): Promise<unknown> => (await phone.look(personId(number), ['phone'], 'visit'))['phone'];

async function offline(): Promise<{ bench: Bench; phone: Engine }> {
  const bench = new Bench();
  bench.office.give(GRID, [person(1), person(2)]);
  const phone = await bench.phone();
  bench.office.mishap = () => 'cut';
  return { bench, phone };
}

test('what is said is shown at once, and after a restart without a line', async () => {
  const { bench, phone } = await offline();
  await phone.say(change({ name: '陈志明' }));
  assert.equal(phone.record(personId(1))?.name, '陈志明');
  const again = await bench.started();
  await again.unlock('135790');
  assert.equal(again.record(personId(1))?.name, '陈志明');
  assert.equal(again.record(personId(1))?.unsent.length, 1);
});

test('sealed fields are masked, whole on a purpose, and the look is told', async () => {
  const { phone } = await offline();
  assert.equal(phone.record(personId(1))?.values['phone'], '138••••••01');
  assert.equal(await phoneOf(phone), '13800000001');
  assert.deepEqual(phone.waiting().map((one) => [one.kind, one.data]), [['look', { fields: ['phone'], purpose: 'visit' }]]);
});

test('the office changed another field: both show', async () => {
  const { bench, phone } = await offline();
  await phone.say(change({ name: '陈志明' }));
  const row = person(1, { phone: '13911111111' }, 2);
  bench.office.tell(GRID, { ...row, said: { name: 1, phone: 2 } });
  bench.office.mishap = (call) => (call.path === '/field/push' ? 'cut' : undefined);
  await phone.sync();
  bench.office.mishap = (call) => (call.path === '/field/push' ? new Response('', { status: 500 }) : undefined);
  await phone.sync();
  assert.equal(phone.record(personId(1))?.name, '陈志明');
  assert.equal(await phoneOf(phone), '13911111111');
});

test('a guarded field that the office changed meanwhile is not touched, and said to be disputed', async () => {
  const { bench, phone } = await offline();
  await phone.say(change({ identity_number: '2' }));
  bench.office.tell(GRID, { ...person(1, { identity_number: '9' }, 2), said: { identity_number: 2 } });
  bench.office.mishap = (call) => (call.path === '/field/push' ? new Response('', { status: 500 }) : undefined);
  await phone.sync();
  assert.deepEqual(phone.record(personId(1))?.disputed, ['identity_number']);
  assert.equal((await phone.look(personId(1), ['identity_number'], 'visit'))['identity_number'], '9');
});

test('the phone is not surprised by its own earlier word', async () => {
  const { bench, phone } = await offline();
  await phone.say(change({ identity_number: '2' }));
  await phone.say(change({ identity_number: '3' }));
  let pushes = 0;
  bench.office.judge = () => ({ version: 2 });
  bench.office.tell(GRID, { ...person(1, { identity_number: '2' }, 2), said: { identity_number: 2 } });
  // Only the first of the two is answered; the second, based on the version before it, still waits.
  bench.office.mishap = (call) => {
    if (call.path !== '/field/push') return undefined;
    pushes += 1;
    const first = call.json.operations[0];
    return pushes > 1 ? new Response('', { status: 500 }) : new Response(JSON.stringify({ answers: [{ id: first.id, result: 'done', version: 2 }] }), { headers: { 'Content-Type': 'application/json' } });
  };
  await phone.sync();
  assert.deepEqual(phone.record(personId(1))?.disputed, []);
  assert.equal((await phone.look(personId(1), ['identity_number'], 'visit'))['identity_number'], '3');
});

test('a new person, a tie to it and a visit show before any of it is sent', async () => {
  const { phone } = await offline();
  const id = await phone.say({ kind: 'record', data: { kind: 'person', values: { name: '新来的' }, grid: '350502001001', source: 'visit', on: '2026-11-23' } });
  await phone.say({ kind: 'tie', data: { kind: 'cares_for', subject: id, object: personId(1), since: '2026-11-23', source: 'told' } });
  assert.equal(phone.find('新来')[0]?.id, id);
  assert.equal(phone.ties(personId(1))[0]?.subject, id);
  assert.deepEqual(phone.waiting().map((one) => one.about), ['新来的', '新来的 陈志强1']);
});

test('a visit fills the plan before the office knows', async () => {
  const bench = new Bench();
  const plan = { what: 'plan' as const, id: personId(90), version: 1, week: '2026-11-23', households: [{ dwelling: personId(1), due: null, why: 'alone' }], quota: 30, done: 0, absent: 1, refused: 0, more: 0 };
  bench.office.give('account:a', [plan, { what: 'household', id: personId(1), version: 1, grid: '1', last: null, tried: '2026-11-23T12:10:00Z', outcome: 'absent', due: '2026-11-24', why: 'alone', needs: [] }]);
  const phone = await bench.phone();
  bench.office.mishap = () => 'cut';
  await phone.say({ kind: 'visit', data: { dwelling: personId(1), outcome: 'refused', answers: {}, place: null } });
  const { done, absent, refused, households } = phone.plan()!;
  assert.deepEqual([done, absent, refused, households[0]?.outcome], [0, 0, 1, 'refused']);
  assert.equal(phone.households()[0]?.last, null);
});

test('each view stays the same object until something changes', async () => {
  const { phone } = await offline();
  const before = phone.records();
  assert.equal(phone.records(), before);
  assert.equal(phone.record(personId(1)), phone.record(personId(1)));
  await phone.say(change({ name: '陈志明' }));
  assert.notEqual(phone.records(), before);
});
