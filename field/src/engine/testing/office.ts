/** The office as a phone meets it at the door: the protocol's answers, a feed, and every trouble of a bad line. */

import { base64url, fromBase64url, hex } from '../bytes.ts';
import type { Bytes } from '../bytes.ts';
import type { Forms, Id } from '../engine.ts';
import type { Answer, Gone, Row, Sent, Told } from '../rows.ts';

export interface Call {
  method: string;
  path: string;
  json: any;
  bytes: Bytes;
}

/** cut: it never came; lost: it was done, and the answer never came back. */
export type Mishap = 'cut' | 'lost' | Response | undefined;

interface Phone {
  key: CryptoKey;
  share: string;
  revoked: boolean;
}

const ACCOUNT = { id: '0192f000-0000-7000-8000-00000000000a', name: '蔡晓燕', language: 'zh-hans' };

export const FORMS: Forms = {
  kinds: {
    person: {
      label: '人员',
      fields: ['name', 'phone', 'identity_number'].map((name) => ({
        name, label: name, help: '', type: 'text', required: false, choices: [], longest: null,
        sealed: name !== 'name', merge: name === 'identity_number' ? 'guarded' : 'field',
      })),
    },
  },
  ties: {},
  operations: { visit: { label: '走访', fields: [] } },
  services: {
    errands: {
      label: '代办', open: { fields: [] }, states: {},
      acts: { finish: { label: '交回', from: [], to: 'returned', fields: [{ name: 'signature', label: '', help: '', type: 'signature', required: true, choices: [], longest: null, needs_files: true }] } },
    },
  },
  purposes: { visit: '走访' },
  sources: { visit: '走访' },
};

export class Office {
  account: typeof ACCOUNT | null = ACCOUNT;
  now: () => number;
  phones = new Map<Id, Phone>();
  scopes = new Map<string, Told[]>();
  given = new Set<string>();
  calls: Call[] = [];
  operations = new Map<Id, Answer>();
  done: Sent[] = [];
  pieces = new Map<string, Bytes>();
  forgotten: string[] = [];
  wrong: string[] = [];
  /** What becomes of an operation; done at version 2 if unsaid. */
  judge: (one: Sent) => Partial<Answer> = () => ({});
  mishap: (call: Call) => Mishap = () => undefined;
  most = 1000;

  constructor(now: () => number) {
    this.now = now;
  }

  /** A scope with these rows, given to every phone. */
  give(scope: string, rows: Row[]): void {
    this.scopes.set(scope, [...rows]);
    this.given.add(scope);
  }

  tell(scope: string, row: Row | Gone): void {
    this.scopes.get(scope)!.push({ ...row, scope });
  }

  asked(path: string): Call[] {
    return this.calls.filter((call) => call.path.startsWith(path));
  }

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const bytes = (init.body as Bytes | undefined) ?? new Uint8Array();
    const headers = init.headers as Record<string, string>;
    const json = headers['Content-Type'] === 'application/json' ? JSON.parse(new TextDecoder().decode(bytes)) : undefined;
    const call: Call = { method: init.method ?? 'GET', path, json, bytes };
    this.calls.push(call);
    const mishap = this.mishap(call);
    if (mishap === 'cut') throw new TypeError('network');
    if (mishap instanceof Response) return mishap;
    const refused = await this.#checked(call, headers);
    const answer = refused ?? (await this.#answer(call));
    if (mishap === 'lost') throw new TypeError('network');
    return answer;
  };

  async #checked({ method, path, bytes }: Call, headers: Record<string, string>): Promise<Response | null> {
    if (path === '/field/csrf' || path.startsWith('/field/devices')) return null;
    const [, device, seconds, signature] = (headers['Authorization'] ?? '').split(' ');
    const phone = this.phones.get(device ?? '');
    if (!phone) return said(401, {});
    const now = this.now() / 1000;
    if (Math.abs(now - Number(seconds)) > 300) return said(401, { now });
    const text = new TextEncoder().encode(`${method}\n${decodeURIComponent(path)}\n${seconds}\n${hex(await crypto.subtle.digest('SHA-256', bytes))}`);
    const right = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, phone.key, fromBase64url(signature!), text);
    if (!right) return said(401, {});
    return phone.revoked ? said(410, { revoked: true }) : null;
  }

  async #answer(call: Call): Promise<Response> {
    const [, , what, rest, more] = call.path.split('?')[0]!.split('/');
    switch (what) {
      case 'csrf':
        return said(200, { token: 'token', account: this.account });
      case 'devices':
        return more === 'share' ? this.#share(rest!) : this.#enrol(call.json.key);
      case 'pull':
        return this.#pull(call.json.scopes);
      case 'first':
        return this.#first(decodeURIComponent(rest!));
      case 'forgotten':
        this.forgotten.push(...call.json.scopes);
        return said(200, {});
      case 'footprint':
        return said(200, { wrong: this.wrong.splice(0) });
      case 'push':
        return said(200, { now: new Date(this.now()).toISOString(), answers: call.json.operations.map((one: Sent) => this.#take(one)) });
      case 'forms':
        return said(200, FORMS);
      case 'map':
        return said(200, { grids: { type: 'FeatureCollection', features: [] }, around: { type: 'FeatureCollection', features: [] }, bounds: null });
      default:
        return this.#piece(call, rest!);
    }
  }

  async #enrol(key: string): Promise<Response> {
    if (!this.account) return said(403, {});
    const device = crypto.randomUUID();
    const share = base64url(crypto.getRandomValues(new Uint8Array(32)));
    const point = await crypto.subtle.importKey('raw', fromBase64url(key), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    this.phones.set(device, { key: point, share, revoked: false });
    return said(201, { device, share, account: this.account, now: this.now() / 1000 });
  }

  #share(device: Id): Response {
    return this.account ? said(200, { share: this.phones.get(device)!.share }) : said(403, {});
  }

  #pull(cursors: Record<string, string>): Response {
    const forget = Object.keys(cursors).filter((scope) => !this.given.has(scope));
    const fill = [...this.given].filter((scope) => !(scope in cursors));
    const rows: Told[] = [];
    const scopes: Record<string, string> = {};
    let left = false;
    for (const [scope, cursor] of Object.entries(cursors)) {
      if (!this.given.has(scope)) continue;
      const all = this.scopes.get(scope)!;
      const until = Math.min(all.length, Number(cursor) + this.most);
      rows.push(...all.slice(Number(cursor), until));
      scopes[scope] = String(until);
      left ||= until < all.length;
    }
    return rows.length + forget.length + fill.length === 0 ? new Response(null, { status: 204 }) : said(200, { scopes, rows, forget, fill, more: left });
  }

  #first(scope: string): Response {
    if (!this.given.has(scope)) return said(404, {});
    const rows = new Map(this.scopes.get(scope)!.map((row) => [`${row.what}:${row.id}`, row]));
    return said(200, { scope, cursor: String(this.scopes.get(scope)!.length), rows: [...rows.values()].filter((row) => !('gone' in row)) });
  }

  #take(one: Sent): Answer {
    const before = this.operations.get(one.id);
    if (before) return before;
    const answer: Answer = { id: one.id, result: 'done', version: 2, ...this.judge(one) };
    this.operations.set(one.id, answer);
    this.done.push(one);
    return answer;
  }

  #piece({ method, path, bytes }: Call, hash: string): Response {
    const have = this.pieces.get(hash) ?? new Uint8Array();
    if (method === 'HEAD') return new Response(null, { headers: { 'Citong-Have': String(have.length) } });
    const asked = new URLSearchParams(path.split('?')[1]);
    if (Number(asked.get('at')) !== have.length) return said(409, { have: have.length });
    const now = new Uint8Array([...have, ...bytes]);
    this.pieces.set(hash, now);
    return said(now.length === Number(asked.get('of')) ? 201 : 200, { have: now.length });
  }
}

export function said(status: number, json: unknown): Response {
  return new Response(JSON.stringify(json), { status, headers: { 'Content-Type': 'application/json' } });
}
