/** How the phone's keys are made, found again, and lost. */

import { base64url, fromBase64url } from './bytes.ts';
import { Door, NotTaken } from './door.ts';
import type { Account, State } from './engine.ts';
import { Trouble } from './engine.ts';
import type { Keys } from './keys.ts';
import { TRIES, fitPin, makeRing, newSigningKey, openByPin, openByShare } from './keys.ts';
import type { Platform } from './platform.ts';
import type { Enrolled, Page } from './rows.ts';
import type { Who } from './session.ts';

export class Gate {
  triesLeft = TRIES;
  readonly #platform: Platform;
  readonly #page: Door;
  /** PBKDF2 rounds of new rings; the tests take few. */
  readonly #iterations: number | undefined;

  constructor(platform: Platform, iterations?: number) {
    this.#platform = platform;
    this.#page = new Door(platform);
    this.#iterations = iterations;
  }

  /** As the store says. */
  async state(): Promise<State> {
    const ring = await this.#platform.store.ring();
    this.triesLeft = TRIES - (ring?.tries ?? 0);
    return !ring ? 'new' : ring.byPin ? 'locked' : 'sealed';
  }

  async signedIn(): Promise<Account | null> {
    return (await this.#pageSays()).account;
  }

  async enrol(name: string, pin: string, app: string): Promise<{ keys: Keys; who: Who }> {
    if (!fitPin(pin)) throw new Trouble('pin');
    const { token } = await this.#pageSays();
    const { point, secret } = await newSigningKey();
    const told = await this.#asked<Enrolled>('/field/devices', { name, key: base64url(point), app }, token);
    const making = { device: told.device, pin, share: fromBase64url(told.share), signing: secret };
    const { ring, keys } = await makeRing({ ...making, ...(this.#iterations ? { iterations: this.#iterations } : {}) });
    await this.#platform.store.wipe(); // nobody else's rows lie beside these
    await this.#platform.store.putRing(ring);
    this.triesLeft = TRIES;
    return { keys, who: { account: told.account, device: { id: told.device, name } } };
  }

  /** The try is counted before it is made, so that no try is free. */
  async unlock(pin: string): Promise<Keys | 'wrong' | 'sealed'> {
    const ring = await this.#platform.store.changeRing((one) => {
      one.tries += 1;
      if (one.tries > TRIES) one.byPin = null;
    });
    const keys = ring?.byPin ? await openByPin(ring, pin) : null;
    const after = await this.#platform.store.changeRing((one) => {
      if (keys) one.tries = 0;
      else if (one.tries >= TRIES) one.byPin = null;
    });
    this.triesLeft = TRIES - (after?.tries ?? 0);
    return keys ?? (after?.byPin ? 'wrong' : 'sealed');
  }

  async recover(pin: string): Promise<Keys> {
    if (!fitPin(pin)) throw new Trouble('pin');
    const ring = await this.#platform.store.ring();
    if (!ring) throw new Trouble('storage', 'there is nothing to recover');
    const { token } = await this.#pageSays();
    const told = await this.#asked<{ share: string }>(`/field/devices/${ring.device}/share`, {}, token);
    const opened = await openByShare(ring, fromBase64url(told.share), pin).catch((error: unknown) => {
      throw new Trouble('crypto', String(error));
    });
    await this.#platform.store.putRing(opened.ring);
    this.triesLeft = TRIES;
    return opened.keys;
  }

  async #pageSays(): Promise<Page> {
    const { json } = await this.#page.ask<Page>('GET', '/field/csrf');
    if (!json) throw new Trouble('server');
    return json;
  }

  /** A question in the name of whoever is signed in on the page. */
  async #asked<T>(path: string, json: object, csrf: string): Promise<T> {
    try {
      return (await this.#page.ask<T>('POST', path, { json, csrf, once: true })).json!;
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      throw new Trouble([401, 403, 404].includes(error.status) ? 'signed-out' : 'server', `${path}: ${error.status}`);
    }
  }
}
