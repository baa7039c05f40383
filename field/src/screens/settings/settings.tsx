import { useState } from 'preact/hooks';
import { Languages } from '../door/door.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Facts, Note, Row, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { StorageState } from '../waiting/storage.tsx';

export function Settings() {
  const { engine, words: w } = useApp();
  const unsent = engine.waiting().filter((one) => one.state !== 'conflict').length;
  return (
    <Page
      title={w.settings.title}
      up={href('today')}
      acts={
        <button type="button" class="button button-main" onClick={() => engine.lock()}>
          <Icon name="lock" />
          {w.settings.lock}
        </button>
      }
    >
      <Section title={w.settings.language}>
        <Languages />
      </Section>
      <Section title={w.settings.device}>
        <div class="card">
          <Facts
            facts={[
              [w.settings.account, engine.account?.name ?? ''],
              [w.settings.phone, engine.device?.name ?? ''],
              [w.settings.grids, engine.grids().join(w.common.comma) || w.settings.noGrids],
              [w.settings.version, engine.version],
            ]}
          />
        </div>
      </Section>
      <ul class="rows">
        <Row icon="lock" href={href('pin')} title={w.settings.changePin} about={w.settings.changePinHelp} />
        <Row icon="cloudUp" href={href('waiting')} title={w.waiting.title} about={unsent ? w.waiting.rest(unsent) : w.strip.nothing} />
      </ul>
      <Section title={w.settings.kept}>
        <ul class="kept card">
          {w.door.kept.map((line) => (
            <li key={line}>
              <Icon name="check" />
              {line}
            </li>
          ))}
        </ul>
      </Section>
      <StorageState />
      <Remove />
    </Page>
  );
}

/** Removing this phone: refused to nobody, but not while work that nobody else has would go with it unseen. */
function Remove() {
  const { engine, words: w } = useApp();
  const [asking, setAsking] = useState(false);
  const unsent = engine.waiting().filter((one) => one.state !== 'conflict').length;
  return (
    <Section title={w.settings.remove}>
      <p class="quiet">{w.settings.removeHelp}</p>
      {unsent > 0 && (
        <Note tone="late" icon="alert">
          <p>{w.settings.removeUnsent(unsent)}</p>
          <a class="button" href={href('waiting')}>
            {w.waiting.title}
          </a>
        </Note>
      )}
      <button type="button" class="button button-grave-quiet button-wide" onClick={() => setAsking(true)}>
        {w.settings.remove}
      </button>
      {asking && (
        <Confirm
          title={w.settings.remove}
          words={unsent ? w.settings.removeUnsent(unsent) : w.settings.removeHelp}
          yes={w.settings.removeYes}
          grave
          onYes={() => void engine.wipe()}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
