import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchIdle } from './idle.ts';
import { Rhythm } from './rhythm.ts';

function clock(): { waits: number[]; rhythm: Rhythm } {
  const waits: number[] = [];
  const rhythm = new Rhythm({ random: () => 0.5, later: (ms) => (waits.push(ms), () => {}) }, () => {});
  return { waits, rhythm };
}

test('rounds that fail come later and later, and soon again when the line is back', () => {
  const { waits, rhythm } = clock();
  for (let turn = 0; turn < 9; turn += 1) rhythm.ended(false);
  assert.deepEqual(waits, [15, 30, 60, 120, 240, 480, 900, 900, 900].map((seconds) => seconds * 1000));
  rhythm.soon(); // what is said now does not hurry a line that is not there
  assert.equal(waits.length, 9);
  rhythm.again();
  assert.equal(waits.at(-1), 3000);
});

test('a round that went well is followed by one in five minutes, or soon after something was said', () => {
  const { waits, rhythm } = clock();
  rhythm.ended(true);
  rhythm.soon();
  assert.deepEqual(waits, [300_000, 1_500]);
});

class Page extends EventTarget {
  hidden = false;
}

function watched(): { page: Page; window: EventTarget; pass: (ms: number) => void; locks: () => number; end: () => void } {
  const page = new Page();
  const window = new EventTarget();
  let now = 0;
  let locked = 0;
  Object.assign(globalThis, { document: page, addEventListener: window.addEventListener.bind(window), removeEventListener: window.removeEventListener.bind(window) });
  const end = watchIdle(() => (locked += 1), () => now);
  return { page, window, pass: (ms) => (now += ms), locks: () => locked, end };
}

test('a phone nobody touches for five minutes is locked at the next touch at the latest', () => {
  const { window, pass, locks, end } = watched();
  pass(4 * 60_000);
  window.dispatchEvent(new Event('pointerdown'));
  pass(4 * 60_000);
  window.dispatchEvent(new Event('keydown'));
  assert.equal(locks(), 0);
  pass(5 * 60_000 + 1);
  window.dispatchEvent(new Event('pointerdown'));
  assert.equal(locks(), 1);
  end();
});

test('an app out of sight for more than a minute comes back locked; a photo taken in less does not lock it', () => {
  const { page, pass, locks, end } = watched();
  const turn = (hidden: boolean): void => {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  turn(true);
  pass(40_000);
  turn(false);
  assert.equal(locks(), 0);
  turn(true);
  pass(61_000);
  turn(false);
  assert.equal(locks(), 1);
  end();
});
