/** An operation as it waits on the phone. */

import type { Id, Moment, OperationKind, Values } from './engine.ts';
import type { Answer, Sent } from './rows.ts';

export type Standing = 'queued' | 'sending' | 'held' | 'refused' | 'conflict' | 'settling';

export interface FileRef {
  field: string;
  sha256: string;
  name: string;
  type: string;
  size: number;
}

export interface Operation extends Sent {
  data: Values & { files?: FileRef[] };
  /** Goes before all others. */
  first: boolean;
  /** The order of saying. */
  order: number;
  standing: Standing;
  answer: Answer | null;
  answeredAt: Moment | null;
  /** Hashes of files that are not with the office yet. */
  missing: Id[];
  /** Its files go before it, since its form asks for them. */
  filesFirst: boolean;
  /** Rows show it until the office's own word of it has come. */
  shows: boolean;
}

/** Whether the office has not yet said what becomes of it. */
export function unsent(operation: Operation): boolean {
  return operation.standing === 'queued' || operation.standing === 'sending';
}

/** First ones first, each after those it builds on; then the order of saying. */
export function inOrder(operations: Iterable<Operation>): Operation[] {
  const said = [...operations].sort((a, b) => a.order - b.order);
  const byId = new Map(said.map((one) => [one.id, one]));
  const ordered = new Set<Operation>();
  const take = (one: Operation): void => {
    if (ordered.has(one)) return;
    const before = one.after ? byId.get(one.after) : undefined;
    if (before && before.order < one.order) take(before);
    ordered.add(one);
  };
  for (const one of said) if (one.first) take(one);
  for (const one of said) take(one);
  return [...ordered];
}

const SENT: (keyof Sent)[] = ['id', 'kind', 'subject', 'base', 'after', 'instead', 'at', 'data'];

/** What goes over the wire of it. */
export function wire(operation: Operation): Sent {
  return Object.fromEntries(SENT.map((name) => [name, operation[name]])) as unknown as Sent;
}

/** What an operation is about when the draft does not say: what it visits or works on. Others begin something new. */
export function subjectOf(kind: OperationKind, data: Values): Id | undefined {
  return { visit: data['dwelling'], act: data['case'] }[kind as string] as Id | undefined;
}

/** The ids of things that this kind of operation speaks of, beside its subject. */
export function speaksOf(kind: OperationKind, data: Values): Id[] {
  const names = { tie: ['subject', 'object'], visit: ['dwelling'], act: ['case'] }[kind as string] ?? [];
  return names.map((name) => data[name]).filter((one): one is Id => typeof one === 'string');
}
