import type { Rec, Values } from '../../engine/engine.ts';
import { Note, Row } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { homes } from './known.ts';
import { iconOf, pageOf } from './list.tsx';

const MOST = 4;
export const KEYS = ['name', 'phone', 'credit_code', 'address'];

/** Whoever is already here under this name or number: seen while typing, so that nobody is written down twice. */
export function Twins({ kind, values }: { kind: string; values: Values }) {
  const { engine, words: w } = useApp();
  const texts = KEYS.map((key) => String(values[key] ?? '').trim()).filter((text) => text.length >= 2);
  const found = new Map<string, Rec>();
  for (const text of texts) for (const one of engine.find(text, kind).slice(0, MOST)) found.set(one.id, one);
  const twins = [...found.values()].filter((one) => !one.ended).slice(0, MOST);
  return (
    <div role="status">
      {twins.length > 0 && (
        <Note tone="near" icon="users">
          <p>
            <strong>{w.record.twins}</strong>
          </p>
          <ul class="rows">
            {twins.map((one) => (
              <Row
                key={one.id}
                icon={iconOf(kind)}
                href={pageOf(one)}
                title={one.name}
                about={
                  homes(engine, one.id)
                    .map((home) => home.record.name)
                    .join(w.common.comma) || undefined
                }
              />
            ))}
          </ul>
        </Note>
      )}
    </div>
  );
}
