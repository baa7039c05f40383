import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../../engine/engine.ts';
import { changed } from './changed.ts';

const field = (name: string, sealed = false): Field => ({
  name,
  label: name,
  help: '',
  type: 'text',
  required: false,
  choices: [],
  longest: null,
  sealed,
});
const FIELDS = [field('name'), field('stay'), field('phone', true)];
const record = { values: { name: 'Lin', stay: 'lives', phone: '138••••••07' } };

test('only what is different is said', () => {
  assert.deepEqual(changed(FIELDS, record, { name: ' Lin ', stay: 'away', phone: '' }), { stay: 'away' });
});

test('what was emptied is said as empty, a sealed field left empty stays', () => {
  assert.deepEqual(changed(FIELDS, record, { name: 'Lin', stay: '', phone: '' }), { stay: '' });
  assert.deepEqual(changed(FIELDS, record, { name: 'Lin', stay: 'lives', phone: '13800001234' }), { phone: '13800001234' });
});
