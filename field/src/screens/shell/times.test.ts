import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../words/en.ts';
import { ago, dayOf, daysTo, dueWords } from './times.ts';

const DAY = 86_400_000;
const inDays = (n: number): string => dayOf(new Date(Date.now() + n * DAY));

test('days are counted by the calendar of the phone, not by hours', () => {
  assert.equal(daysTo(inDays(0)), 0);
  assert.equal(daysTo(inDays(3)), 3);
  assert.equal(daysTo(inDays(-2)), -2);
});

test('what is due is told in words', () => {
  assert.equal(dueWords(inDays(0), en), 'Due today');
  assert.equal(dueWords(inDays(1), en), 'Due in 1 day');
  assert.equal(dueWords(inDays(-2), en), '2 days late');
});

test('how long ago: minutes, hours, then days', () => {
  const before = (minutes: number) => ago(new Date(Date.now() - minutes * 60_000 - 500), en);
  assert.equal(before(0), 'just now');
  assert.equal(before(59), '59 minutes ago');
  assert.equal(before(30 * 60), '30 hours ago');
  assert.equal(before(72 * 60), '3 days ago');
});
