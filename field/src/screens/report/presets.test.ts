import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../../engine/engine.ts';
import { answered, asked, preset } from './presets.ts';

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  help: '',
  type,
  required: false,
  choices: [],
  longest: null,
  ...more,
});
const REPORT = [
  field('title', 'text'),
  field('text', 'words', { required: true }),
  field('category', 'choice', { choices: [['safety', 'Safety']] }),
  field('address', 'text'),
  field('lon', 'hidden'),
  field('lat', 'hidden'),
  field('datum', 'hidden'),
  field('name', 'text', { required: true }),
];

test('a report asks its weighty answers first, and whatever else is needed before the rest', () => {
  const { first, more } = asked(REPORT);
  assert.deepEqual(
    first.map((one) => one.name),
    ['category', 'text', 'place', 'address', 'name'],
  );
  assert.deepEqual(
    more.map((one) => one.name),
    ['title'],
  );
});

test('another service is asked in its own order, its place after its address', () => {
  const { first, more } = asked([
    field('kind', 'text'),
    field('address', 'text'),
    field('lon', 'hidden'),
    field('lat', 'hidden'),
    field('photos', 'photos'),
  ]);
  assert.deepEqual(
    first.map((one) => one.name),
    ['kind', 'address', 'place', 'photos'],
  );
  assert.deepEqual(more, []);
});

test('what the office calls later stands behind the rest', () => {
  const { first, more } = asked([field('kind', 'choice', { required: true }), field('wish', 'words', { later: true }), field('text', 'words')]);
  assert.deepEqual(
    first.map((one) => one.name),
    ['kind', 'text'],
  );
  assert.deepEqual(
    more.map((one) => one.name),
    ['wish'],
  );
});

test('a place becomes longitude, latitude and datum; what the office does not ask for is not said', () => {
  const answers = answered(REPORT, { text: 'x', place: { lon: 118.5, lat: 24.9, accuracy: 8 }, grid: '1' });
  assert.deepEqual(answers, { text: 'x', lon: 118.5, lat: 24.9, datum: 'WGS84' });
});

test('a kind is set before only where the city has it', () => {
  assert.deepEqual(preset(REPORT, 'danger'), { category: 'safety' });
  assert.deepEqual(preset(REPORT, 'child'), {});
});

test('a place that the office asks for as one stays one', () => {
  const fields = [field('place', 'place'), field('text', 'words')];
  assert.deepEqual(answered(fields, { text: 'x', place: { lon: 1, lat: 2 } }), { text: 'x', place: { lon: 1, lat: 2 } });
});
