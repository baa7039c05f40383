/** The server's door: signed questions, answers as JSON, and patience with bad lines. */

import type { Bytes } from './bytes.ts';
import { base64url, sha256, utf8 } from './bytes.ts';
import type { Id } from './engine.ts';
import { Trouble } from './engine.ts';

/** What the engine needs of the world; the tests bring their own. */
export interface World {
  fetch(path: string, init: RequestInit): Promise<Response>;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
}

export interface Signer {
  device: Id;
  key: CryptoKey;
}

export interface Asked {
  json?: unknown;
  bytes?: Bytes;
  etag?: string;
  csrf?: string;
  /** No second try: what is asked is not the same twice. */
  once?: boolean;
  /** Tells how many bytes of the answer have come. */
  coming?: (bytes: number) => void;
}

export interface Answered<T> {
  status: number;
  headers: Headers;
  /** undefined when there is none (204, 304, HEAD). */
  json: T | undefined;
}

const TRIES = 3;
const PATIENCE_MS = 60_000;
const PATIENCE_WITH_PIECES_MS = 3 * 60_000;
/** A first load must come through on the slowest of lines. */
const PATIENCE_WITH_LOADS_MS = 15 * 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;

/** An answer that is no use to try again for: the status, and the server's words if it had some. */
export class NotTaken extends Error {
  readonly status: number;
  readonly said: Record<string, unknown>;
  constructor(status: number, said: Record<string, unknown>) {
    super(`${status}`);
    this.status = status;
    this.said = said;
  }
}

export class Door {
  readonly #world: World;
  readonly #signer: Signer | null;
  /** Seconds that the server is ahead of this phone's clock. */
  skew = 0;

  constructor(world: World, signer: Signer | null = null) {
    this.#world = world;
    this.#signer = signer;
  }

  /** The server's time, as far as known. */
  now(): Date {
    return new Date(this.#world.now() + this.skew * 1000);
  }

  /** The answer below 400; throws Trouble `offline`, `server`, `revoked`, `signed-out`, or NotTaken. */
  async ask<T>(method: string, path: string, asked: Asked = {}): Promise<Answered<T>> {
    for (let turn = 1; ; turn += 1) {
      const last = asked.once || turn === TRIES;
      const answer = await this.#once<T>(method, path, asked).catch((error: unknown) => {
        if (error instanceof Again && !last) return error;
        throw error instanceof Again ? new Trouble(error.code) : error;
      });
      if (!(answer instanceof Again)) return answer;
      if (!answer.atOnce) await this.#world.sleep(answer.wait ?? FIRST_WAIT_MS * 2 ** (turn - 1) * (0.5 + this.#world.random()));
    }
  }

  async #once<T>(method: string, path: string, asked: Asked): Promise<Answered<T>> {
    const body = asked.bytes ?? (asked.json === undefined ? undefined : utf8(JSON.stringify(asked.json)));
    const headers = await this.#headers(method, path, body, asked);
    const init: RequestInit = { method, headers, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(patience(asked)) };
    init.credentials = this.#signer ? 'omit' : 'same-origin';
    if (body) init.body = body;
    const response = await this.#world.fetch(path, init).catch(() => {
      throw new Again('offline');
    });
    return this.#taken<T>(response, method, asked);
  }

  async #headers(method: string, path: string, body: Bytes | undefined, asked: Asked): Promise<Record<string, string>> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (body) headers['Content-Type'] = asked.bytes ? 'application/octet-stream' : 'application/json';
    if (asked.etag) headers['If-None-Match'] = asked.etag;
    if (asked.csrf) headers['X-CSRFToken'] = asked.csrf;
    if (this.#signer) headers['Authorization'] = await this.#signature(method, path, body ?? new Uint8Array());
    return headers;
  }

  async #signature(method: string, path: string, body: Bytes): Promise<string> {
    const { device, key } = this.#signer!;
    const seconds = Math.floor(this.now().getTime() / 1000);
    const said = utf8(`${method}\n${unescaped(path)}\n${seconds}\n${await sha256(body)}`);
    const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, said));
    return `Citong ${device} ${seconds} ${base64url(signature)}`;
  }

  async #taken<T>(response: Response, method: string, asked: Asked): Promise<Answered<T>> {
    const { status, headers } = response;
    if (status === 204 || status === 304) return { status, headers, json: undefined };
    if (status === 429 || status >= 500) throw new Again('server', waitAsked(headers));
    if (method === 'HEAD') return this.#ofHead(response);
    const json = await read(response, asked.coming);
    if (status < 400) return { status, headers, json: json as T };
    return this.#refused(status, json as Record<string, unknown>);
  }

  #refused(status: number, said: Record<string, unknown>): never {
    if (status === 410 && said['revoked'] === true) throw new Trouble('revoked');
    const now = said['now'];
    if (status === 401 && this.#signer && typeof now === 'number') {
      const skew = now - this.#world.now() / 1000;
      const news = Math.abs(skew - this.skew) > 5;
      this.skew = skew;
      if (news) throw new Again('server', 0, true);
    }
    if (status === 401) throw new Trouble('signed-out');
    throw new NotTaken(status, said);
  }

  #ofHead<T>(response: Response): Answered<T> {
    if (response.status >= 400 && response.status !== 404) throw new NotTaken(response.status, {});
    return { status: response.status, headers: response.headers, json: undefined };
  }
}

/** The address as the server reads it: its path without escapes, its query as it is sent. */
function unescaped(path: string): string {
  const [before = '', ...query] = path.split('?');
  return [decodeURIComponent(before), ...query].join('?');
}

/** Worth another try. */
class Again extends Error {
  readonly code: 'offline' | 'server';
  readonly wait: number | undefined;
  readonly atOnce: boolean;
  constructor(code: 'offline' | 'server', wait?: number, atOnce = false) {
    super(code);
    this.code = code;
    this.wait = wait;
    this.atOnce = atOnce;
  }
}

function patience(asked: Asked): number {
  if (asked.coming) return PATIENCE_WITH_LOADS_MS;
  return asked.bytes ? PATIENCE_WITH_PIECES_MS : PATIENCE_MS;
}

function waitAsked(headers: Headers): number | undefined {
  const seconds = Number(headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : undefined;
}

/** The JSON of an answer. Anything else comes from a sign-in page of some network on the way: no line, then. */
async function read(response: Response, coming?: (bytes: number) => void): Promise<unknown> {
  if (!response.headers.get('Content-Type')?.includes('json')) throw new Again(response.status < 400 ? 'offline' : 'server');
  try {
    if (!coming || !response.body) return await response.json();
    let all = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(part, onward) {
          all += part.length;
          coming(all);
          onward.enqueue(part);
        },
      }),
    );
    return await new Response(counted).json();
  } catch {
    throw new Again('offline'); // cut off on the way
  }
}
