/** Boxes: what lies on the phone, closed with AES-256-GCM. */

import type { Bytes } from './bytes.ts';
import { text, utf8 } from './bytes.ts';

export interface Box {
  iv: Bytes;
  sealed: Bytes;
}

/** A box opens only under the name it was closed with, so none can be put in another's place. */
export async function close(key: CryptoKey, name: string, content: Bytes): Promise<Box> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(name) }, key, content);
  return { iv, sealed: new Uint8Array(sealed) };
}

/** Throws when the key, the name or a bit is not right. */
export async function open(key: CryptoKey, name: string, { iv, sealed }: Box): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(name) }, key, sealed));
}

export const closeValue = (key: CryptoKey, name: string, value: unknown): Promise<Box> => close(key, name, utf8(JSON.stringify(value)));
export const openValue = async (key: CryptoKey, name: string, box: Box): Promise<unknown> => JSON.parse(text(await open(key, name, box)));
