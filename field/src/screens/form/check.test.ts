import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../../engine/engine.ts';
import { en } from '../../words/en.ts';
import { faultsOf, said } from './check.ts';

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
  name: 'it',
  label: 'It',
  help: '',
  type,
  required: false,
  choices: [],
  longest: null,
  ...more,
});
const fault = (one: Field, value: unknown) => faultsOf([one], { it: value }, [], en)['it']?.[0];

test('what is asked for and left empty is told beside the field', () => {
  assert.equal(fault(field('text', { required: true }), ''), en.fault.required);
  assert.equal(fault(field('choices', { required: true }), []), en.fault.required);
  assert.equal(fault(field('text'), ''), undefined);
});

test('no is an answer', () => {
  assert.equal(fault(field('yesno', { required: true }), false), undefined);
});

test('a needed photo or signature is missed by its own sentence, and found by its field', () => {
  assert.equal(fault(field('photos', { required: true }), undefined), en.fault.photo);
  assert.equal(fault(field('signature', { required: true }), undefined), en.fault.signature);
  const file = { field: 'it', file: new Blob(), name: 'a.png' };
  assert.deepEqual(faultsOf([field('photos', { required: true })], {}, [file], en), {});
});

test('numbers, amounts and lengths are checked as they are typed', () => {
  assert.equal(fault(field('money'), '12.345'), en.fault.money);
  assert.equal(fault(field('money'), '12.3'), undefined);
  assert.equal(fault(field('number'), 'one'), en.fault.number);
  assert.equal(fault(field('phone'), '138'), en.fault.phone);
  assert.equal(fault(field('words', { longest: 3 }), 'four'), en.fault.longest(3, 4));
});

test('empty answers are not said, and words without the spaces around them', () => {
  assert.deepEqual(said({ a: ' x ', b: '', c: null, d: [], e: false }), { a: 'x', e: false });
});
