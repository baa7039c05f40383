/** The phone's keys.
 *
 * The data key closes all that is kept. It lies here wrapped twice: by the PIN together with a secret that this browser
 * cannot read out, and by the share that the server keeps. The signing key is the device's word at the door; it lies
 * closed with the data key, so that a phone that is found but not opened cannot ask the door for anything either.
 */

import type { Bytes } from './bytes.ts';
import { joined, utf8 } from './bytes.ts';
import type { Id } from './engine.ts';
import type { Box } from './seal.ts';
import { close, open } from './seal.ts';

/** OWASP's least for PBKDF2 with SHA-256, 2023. */
const ITERATIONS = 600_000;
export const TRIES = 10;

/** What lies on the phone; nothing in it opens anything by itself. */
export interface Ring {
  id: 'ring';
  device: Id;
  iterations: number;
  salt: Bytes;
  /** HMAC key that is not extractable: without this browser's own store the PIN cannot be tried elsewhere. */
  secret: CryptoKey;
  /** The data key under the PIN; null once it was destroyed. */
  byPin: Box | null;
  byShare: Box;
  signing: Box;
  /** Wrong PINs in a row, counted before each is tried. */
  tries: number;
}

/** The keys in use while the phone is open; none can be read out. */
export interface Keys {
  data: CryptoKey;
  signing: CryptoKey;
}

const SIGNING: EcKeyImportParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** A new signing key: the public point for the server, the private key for `makeRing` alone. */
export async function newSigningKey(): Promise<{ point: Bytes; secret: Bytes }> {
  const pair = await crypto.subtle.generateKey(SIGNING, true, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { point, secret: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)) };
}

export interface Making {
  device: Id;
  pin: string;
  share: Bytes;
  /** Private key, PKCS 8; emptied when done. */
  signing: Bytes;
  iterations?: number;
}

export async function makeRing({ device, pin, share, signing, iterations = ITERATIONS }: Making): Promise<{ ring: Ring; keys: Keys }> {
  const data = crypto.getRandomValues(new Uint8Array(32));
  const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const ground = { id: 'ring', device, iterations, salt, secret, tries: 0 } as const;
  const dataKey = await importData(data);
  const ring: Ring = {
    ...ground,
    byPin: await close(await pinKey(ground, pin), 'data key by PIN', data),
    byShare: await close(await shareKey(share, device), 'data key by share', data),
    signing: await close(dataKey, 'signing key', signing),
  };
  const keys = { data: dataKey, signing: await importSigning(signing) };
  data.fill(0);
  signing.fill(0);
  return { ring, keys };
}

/** The keys, or null when the PIN is wrong. */
export async function openByPin(ring: Ring, pin: string): Promise<Keys | null> {
  if (!ring.byPin) return null;
  const kek = await pinKey(ring, pin);
  const data = await open(kek, 'data key by PIN', ring.byPin).catch(() => null);
  return data && keysFrom(ring, data);
}

/** The same ring under a new PIN. Throws when the share is another device's. */
export async function openByShare(ring: Ring, share: Bytes, pin: string): Promise<{ ring: Ring; keys: Keys }> {
  const data = await open(await shareKey(share, ring.device), 'data key by share', ring.byShare);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const fresh = { ...ring, salt, tries: 0 };
  fresh.byPin = await close(await pinKey(fresh, pin), 'data key by PIN', data);
  return { ring: fresh, keys: await keysFrom(fresh, data) };
}

/** Six digits, not all the same, no run up or down. */
export function fitPin(pin: string): boolean {
  return /^\d{6}$/.test(pin) && !/^(\d)\1{5}$/.test(pin) && !'01234567890 09876543210'.includes(pin);
}

async function keysFrom(ring: Ring, data: Bytes): Promise<Keys> {
  const dataKey = await importData(data);
  data.fill(0);
  const signing = await open(dataKey, 'signing key', ring.signing);
  const keys = { data: dataKey, signing: await importSigning(signing) };
  signing.fill(0);
  return keys;
}

async function pinKey(ring: Pick<Ring, 'salt' | 'secret' | 'iterations'>, pin: string): Promise<CryptoKey> {
  const { salt, iterations } = ring;
  const raw = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits']);
  const stretched = new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, raw, 256));
  const mine = new Uint8Array(await crypto.subtle.sign('HMAC', ring.secret, salt));
  return derived(joined(stretched, mine), salt, 'citong field: PIN');
}

const shareKey = (share: Bytes, device: Id): Promise<CryptoKey> => derived(share, utf8(device), 'citong field: share');

async function derived(secret: Bytes, salt: Bytes, info: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const how: HkdfParams = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const importData = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
const importSigning = (pkcs8: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('pkcs8', pkcs8, SIGNING, false, ['sign']);
