import type { Engine } from '../../engine/engine.ts';
import type { Words } from '../../words/words.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { announce } from './announce.tsx';
import { useApp } from './context.ts';
import { href } from './route.ts';
import { ago, useTimes } from './times.ts';

/** What waits to be sent, since when, and when the office was last reached: on every screen, one touch from trying again. */
export function Strip() {
  const { engine, words: w } = useApp();
  const times = useTimes();
  const waiting = engine.waiting().filter((one) => one.state !== 'conflict');
  const look = engine.waiting().filter((one) => one.state === 'conflict' || one.state === 'refused').length;
  const [tone, icon] = look_of(engine, waiting.length, look);
  const since = engine.oldestUnsent ? ago(engine.oldestUnsent, w) : '';
  const first = engine.busy
    ? w.strip.busy[engine.busy.phase](engine.busy.done, engine.busy.of)
    : waiting.length
      ? w.strip.waiting(waiting.length, since)
      : w.strip.nothing;
  const second = look && !engine.busy ? w.strip.look(look) : last(engine, w, times.moment);
  return (
    <div class={`strip is-${tone}`}>
      <a class="strip-state" href={href('waiting')}>
        <Icon name={icon} />
        <span>
          <strong>{first}</strong>
          <small>{second}</small>
        </span>
      </a>
      <button type="button" class="strip-sync" aria-disabled={engine.busy ? 'true' : undefined} onClick={() => void syncNow(engine, w)}>
        {w.strip.sync}
      </button>
    </div>
  );
}

function look_of(engine: Engine, waiting: number, look: number): [string, IconName] {
  if (engine.busy) return ['busy', 'sync'];
  if (engine.overdue) return ['late', 'alert'];
  if (waiting || look) return ['waiting', engine.online ? 'cloudUp' : 'cloudOff'];
  return ['done', engine.online ? 'cloud' : 'cloudOff'];
}

function last(engine: Engine, w: Words, moment: (at: Date) => string): string {
  const at = engine.lastSync ? w.strip.last(moment(engine.lastSync)) : w.strip.never;
  if (!engine.online) return `${w.strip.offline} · ${at}`;
  return engine.problem ? `${w.trouble[engine.problem]} · ${at}` : at;
}

export async function syncNow(engine: Engine, w: Words): Promise<void> {
  if (engine.busy) return announce(w.strip.already);
  announce(w.strip.trying);
  const report = await engine.sync();
  announce(
    report.trouble
      ? `${w.trouble[report.trouble]} ${w.strip.kept}`
      : w.strip.report(report.sent, report.received, report.conflicts + report.refused),
  );
}
