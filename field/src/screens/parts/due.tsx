import type { PlannedVisit } from '../../engine/engine.ts';
import { dueTone } from '../households/known.ts';
import { useWords } from '../shell/context.ts';
import { dueWords } from '../shell/times.ts';
import { Pill, type Tone } from './rows.tsx';

const TONES: Record<string, Tone> = { late: 'late', due: 'near', later: 'none' };

/** When something is due, or how it went: in words, and in a tone beside them. */
export function Due({ due, outcome = null }: { due: string | null; outcome?: PlannedVisit['outcome'] }) {
  const w = useWords();
  if (outcome)
    return (
      <Pill tone={outcome === 'done' ? 'good' : 'near'} icon={outcome === 'done' ? 'check' : 'clock'}>
        {w.visit.outcome[outcome]}
      </Pill>
    );
  if (!due) return null;
  const tone = dueTone(due);
  return (
    <Pill tone={TONES[tone] ?? 'none'} {...(tone === 'late' && { icon: 'alert' as const })}>
      {dueWords(due, w)}
    </Pill>
  );
}

export function Unsent({ ids }: { ids: string[] }) {
  const w = useWords();
  return ids.length ? (
    <Pill tone="near" icon="cloudUp">
      {w.common.unsent}
    </Pill>
  ) : null;
}
