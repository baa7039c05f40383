/** The engine in this browser. */

import type { Engine } from './engine.ts';
import { watchIdle } from './idle.ts';
import { Phone } from './phone.ts';
import { browser } from './platform.ts';
import { Update } from './update.ts';

export async function begin(): Promise<Engine> {
  const update = new Update(() => phone.renewed());
  const phone = new Phone(browser(), update);
  watchIdle(() => phone.lock());
  await phone.start();
  void update.start();
  return phone;
}
