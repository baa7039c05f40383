import { useEffect, useState } from 'preact/hooks';
import type { Storage } from '../../engine/engine.ts';
import { Facts, Section } from '../parts/rows.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';

/** Whether the browser has promised to keep what is here, and how much room there is. */
export function StorageState() {
  const { engine, words: w } = useApp();
  const [storage, setStorage] = useState<Storage | null>(null);
  useEffect(() => void engine.storage().then(setStorage), [engine]);
  const ask = async () => {
    const granted = await engine.askPersistence();
    announce(granted ? w.storage.granted : w.storage.refused);
    setStorage(await engine.storage());
  };
  return (
    <Section title={w.storage.title}>
      <div class="card">
        {storage ? (
          <Facts
            facts={[
              [w.storage.keeping, storage.persisted ? w.storage.safe : w.storage.unsafe],
              [w.storage.used, w.storage.of(size(storage.used), storage.quota ? size(storage.quota) : '')],
            ]}
          />
        ) : (
          <p role="status">{w.storage.asking}</p>
        )}
        {storage && !storage.persisted && (
          <>
            <p class="quiet">{w.storage.how}</p>
            <button type="button" class="button button-wide" onClick={() => void ask()}>
              {w.storage.ask}
            </button>
          </>
        )}
      </div>
    </Section>
  );
}

function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
