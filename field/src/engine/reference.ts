/** Forms and map: the same for weeks, asked for by their mark. */

import type { Door } from './door.ts';
import type { Draft, Field, Forms, Id, MapData } from './engine.ts';
import type { Shelf } from './shelf.ts';

const REFRESH_MS = 12 * 3_600_000;

export const NO_FORMS: Forms = { kinds: {}, ties: {}, operations: {}, services: {}, purposes: {}, sources: {} };
const NOWHERE: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
export const NO_MAP: MapData = { grids: NOWHERE, around: NOWHERE, bounds: null };

interface Lying<T> {
  etag: string;
  content: T;
}

export class Reference {
  readonly #shelf: Shelf;
  #forms: Lying<Forms> = { etag: '', content: NO_FORMS };
  #map: Lying<MapData> = { etag: '', content: NO_MAP };
  #at = 0;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  get forms(): Forms {
    return this.#forms.content;
  }

  get map(): MapData {
    return this.#map.content;
  }

  async load(): Promise<void> {
    this.#forms = (await this.#shelf.get<Lying<Forms>>('meta', 'forms')) ?? this.#forms;
    this.#map = (await this.#shelf.get<Lying<MapData>>('meta', 'map')) ?? this.#map;
    this.#at = (await this.#shelf.get<number>('meta', 'reference')) ?? 0;
  }

  /** The next round asks for them. */
  stale(): void {
    this.#at = 0;
  }

  async refresh(door: Door, now: number): Promise<void> {
    if (now - this.#at < REFRESH_MS) return;
    this.#forms = await this.#fresh(door, 'forms', this.#forms);
    this.#map = await this.#fresh(door, 'map', this.#map);
    this.#at = now;
    await this.#shelf.put('meta', 'reference', now);
  }

  async #fresh<T>(door: Door, name: string, lying: Lying<T>): Promise<Lying<T>> {
    const { json, headers } = await door.ask<T>('GET', `/field/${name}`, lying.etag ? { etag: lying.etag } : {});
    if (!json) return lying;
    const fresh = { etag: headers.get('ETag') ?? '', content: json };
    await this.#shelf.put('meta', name, fresh);
    return fresh;
  }
}

/** Whether the draft's form asks for files, so that the office must have them before it can take the operation. */
export function filesFirst(draft: Draft, forms: Forms, serviceOf: (caseId: Id) => string | undefined): boolean {
  return fieldsOf(draft, forms, serviceOf).some((field) => field.needs_files || (field.required && (field.type === 'photos' || field.type === 'signature')));
}

function fieldsOf(draft: Draft, forms: Forms, serviceOf: (caseId: Id) => string | undefined): Field[] {
  if (draft.kind === 'open') return forms.services[draft.data.service]?.open?.fields ?? [];
  if (draft.kind === 'act') return forms.services[serviceOf(draft.data.case) ?? '']?.acts[draft.data.act]?.fields ?? [];
  return forms.operations[draft.kind]?.fields ?? [];
}
