/** What a record is called, as the server's kinds say it, and how a sealed value is shown. */

import type { Forms, Values } from './engine.ts';

export function nameOf(kind: string, values: Values, forms: Forms): string {
  if (kind === 'dwelling') {
    const inner = ['building', 'unit', 'room'].map((part) => values[part]).filter(Boolean).join('-');
    return `${values['address'] ?? ''} ${inner}`.trim();
  }
  if (kind === 'situation') {
    const choices = forms.kinds[kind]?.fields.find((field) => field.name === 'sort')?.choices ?? [];
    return choices.find(([value]) => value === values['sort'])?.[1] ?? String(values['sort'] ?? '');
  }
  return String(values['name'] ?? '');
}

/** Long numbers keep three signs before and two behind, as the server masks them. */
export function masked(value: unknown): unknown {
  if (typeof value !== 'string' || value === '' || value.includes('•')) return value;
  if (!/^[\dA-Za-z+-]{7,}$/.test(value)) return '••••';
  return value.slice(0, 3) + '•'.repeat(value.length - 5) + value.slice(-2);
}
