import type { Draft, Field, Forms, OperationKind, Said, Values } from '../../engine/engine.ts';

type Data = Said[OperationKind];

/** Which part of an operation's data is answers to a form; the others are changed nowhere but where they began. */
const PARTS: Partial<Record<OperationKind, string>> = { record: 'values', change: 'set', visit: 'answers', open: 'form', act: 'form' };

export const amendable = (kind: OperationKind): boolean => kind in PARTS;

/** The declared fields an operation answers; `recordKind` of the record a change is about. */
export function fieldsOf(forms: Forms, kind: OperationKind, data: Data, recordKind = ''): Field[] {
  const at = data as Record<string, unknown>;
  switch (kind) {
    case 'record':
      return forms.kinds[String(at['kind'])]?.fields ?? [];
    case 'change':
      return (forms.kinds[recordKind]?.fields ?? []).filter((one) => one.name in (at['set'] as Values));
    case 'visit':
      return (forms.operations['visit']?.fields ?? []).filter((one) => one.name !== 'outcome');
    case 'open':
      return forms.services[String(at['service'])]?.open?.fields ?? [];
    case 'act':
      return (
        Object.values(forms.services)
          .map((one) => one.acts[String(at['act'])])
          .find(Boolean)?.fields ?? []
      );
    default:
      return [];
  }
}

export function answersOf(draft: Draft): Values {
  return (draft.data as unknown as Record<string, Values>)[PARTS[draft.kind] ?? ''] ?? {};
}

/** The same operation with other answers. */
export function withAnswers(draft: Draft, answers: Values): Draft {
  const part = PARTS[draft.kind];
  return part ? ({ ...draft, data: { ...draft.data, [part]: answers } } as Draft) : draft;
}
