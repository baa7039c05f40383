/** The box of what waits, as the screens show it. */

import type { Forms, Id, Values, Waiting } from './engine.ts';
import type { Operation } from './operations.ts';
import { inOrder } from './operations.ts';
import type { Views } from './views.ts';
import { nameOf } from './names.ts';

/** What an operation is about, in words. */
export function about(operation: Operation, views: Views, forms: Forms): string {
  const data = operation.data as Values;
  const named = (id: unknown): string => (typeof id === 'string' ? (views.record(id)?.name ?? '') : '');
  switch (operation.kind) {
    case 'record':
      return nameOf(String(data['kind']), data['values'] as Values, forms);
    case 'tie':
      return [named(data['subject']), forms.ties[String(data['kind'])]?.label, named(data['object'])].filter(Boolean).join(' ');
    case 'visit':
      return named(data['dwelling']);
    case 'open':
      return forms.services[String(data['service'])]?.label ?? '';
    case 'act': {
      const found = views.cases().find((one) => one.id === data['case']);
      return [found?.number, found?.title].filter(Boolean).join(' ');
    }
    default:
      return named(operation.subject);
  }
}

/** First ones first, then in order of saying; then those that need a look. */
export function waitingList(
  operations: Iterable<Operation>, views: Views, forms: Forms, have: (sha256: Id) => number, blocked: (one: Operation) => boolean,
): Waiting[] {
  const shown = inOrder(operations).filter((one) => one.standing !== 'settling' || one.missing.length > 0);
  const rank = (one: Operation): number => (one.standing === 'refused' || one.standing === 'conflict' ? 1 : 0);
  return shown.sort((a, b) => rank(a) - rank(b)).map((one) => ({
    id: one.id,
    kind: one.kind,
    subject: one.subject,
    about: about(one, views, forms),
    data: one.data as unknown as Waiting['data'],
    at: one.at,
    first: one.first,
    state: one.standing === 'settling' ? 'sending' : one.standing === 'queued' && blocked(one) ? 'held' : one.standing,
    sentence: one.answer?.sentence ?? '',
    errors: one.answer?.errors ?? {},
    files: (one.data.files ?? []).map(({ sha256, name, size }) => ({ name, size, sent: one.missing.includes(sha256) ? have(sha256) : size })),
  }));
}
