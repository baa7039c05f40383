import type { Engine, Notice } from '../../engine/engine.ts';
import { pageOf } from '../households/list.tsx';
import { href } from '../shell/route.ts';

/** Where a message leads: to its case or record, if it is on this phone. */
export function targetOf(engine: Engine, one: Notice): string | null {
  if (!one.case) return null;
  if (engine.cases().some((other) => other.id === one.case)) return href('case', one.case);
  const record = engine.record(one.case);
  return record ? pageOf(record) : null;
}
