import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { ago } from '../shell/times.ts';

/** What the worker must know before the work: unsent for a day, a first load under way, a newer app. */
export function Warnings() {
  const { engine, words: w } = useApp();
  const loading = engine.busy?.phase === 'first' ? engine.busy : null;
  return (
    <>
      {loading && (
        <Note tone="calm" icon="download">
          <p>{w.today.loading}</p>
          <progress
            value={loading.of ? loading.done : undefined}
            max={loading.of || undefined}
            aria-label={w.strip.busy.first(loading.done, loading.of)}
          />
        </Note>
      )}
      {engine.overdue && engine.oldestUnsent && (
        <Note tone="late" icon="alert">
          <p>
            <strong>{w.today.overdue(ago(engine.oldestUnsent, w))}</strong>
          </p>
          <p>{w.today.overdueHow}</p>
          <a class="button" href={href('waiting')}>
            {w.today.overdueSee}
          </a>
        </Note>
      )}
      {engine.updateReady && (
        <Note tone="calm" icon="download">
          <p class="note-line">
            {w.today.update}
            <button type="button" class="button" onClick={() => engine.takeUpdate()}>
              {w.today.updateNow}
            </button>
          </p>
        </Note>
      )}
    </>
  );
}
