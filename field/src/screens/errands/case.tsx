import { useState } from 'preact/hooks';
import type { ActForm, Case, Engine, Waiting } from '../../engine/engine.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Unsent } from '../parts/due.tsx';
import { Icon } from '../parts/icon.tsx';
import { Facts, Note, Pill } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Missing } from '../shell/missing.tsx';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { CaseDue, ERRANDS, stateWords } from './cases.tsx';

const AT_HAND = 2; // acts that stand at the thumb; the others one touch further

export function possible(engine: Engine, one: Case): [string, ActForm][] {
  return Object.entries(engine.forms().services[one.service]?.acts ?? {}).filter(([, act]) => act.from.includes(one.state));
}

export function CasePage({ id }: { id: string }) {
  const { engine, words: w } = useApp();
  const { moment } = useTimes();
  const [more, setMore] = useState(false);
  const one = engine.cases().find((other) => other.id === id);
  const up = href('errands', { show: one?.service === ERRANDS ? 'errands' : 'cases' });
  if (!one) return <Missing up={up} />;
  const acts = possible(engine, one);
  const said = engine.waiting().filter((other) => other.kind === 'act' && other.subject === id);
  return (
    <Page title={one.title} up={up} acts={acts.length > 0 && <Acts id={id} state={one.state} acts={acts} onMore={() => setMore(true)} />}>
      <p class="row-pills">
        <Pill tone="calm">{stateWords(engine, one)}</Pill>
        <CaseDue one={one} />
        <Unsent ids={one.unsent} />
      </p>
      {!one.mine && <Note tone="calm">{w.errands.notMine}</Note>}
      <div class="card">
        {one.text && <p class="said-words">{one.text}</p>}
        <Facts
          facts={[
            [w.errands.number, one.number || w.errands.noNumber],
            [w.errands.address, one.address || w.common.notSaid],
            [w.errands.due, one.due ? moment(one.due) : w.common.notSaid],
          ]}
        />
      </div>
      {said.length > 0 && <SaidHere said={said} acts={engine.forms().services[one.service]?.acts ?? {}} />}
      {acts.length === 0 && <Note tone="calm">{w.errands.noActs}</Note>}
      {more && (
        <Dialog title={w.errands.more} onClose={() => setMore(false)}>
          <ul class="rows">
            {acts.map(([name, act]) => (
              <li key={name}>
                <a class="row" href={href('act', id, name)}>
                  <span class="row-main">{act.label}</span>
                  <Icon name="next" />
                </a>
              </li>
            ))}
          </ul>
          <button type="button" class="button button-wide" onClick={() => setMore(false)}>
            {w.common.cancel}
          </button>
        </Dialog>
      )}
    </Page>
  );
}

/** What leads on comes first; then in the order of the service. */
function nearest(acts: [string, ActForm][], state: string): [string, ActForm][] {
  const on = acts.find(([, act]) => act.to && act.to !== state);
  return [...(on ? [on] : []), ...acts.filter((one) => one !== on)].slice(0, AT_HAND);
}

function Acts({ id, state, acts, onMore }: { id: string; state: string; acts: [string, ActForm][]; onMore: () => void }) {
  const { words: w } = useApp();
  return (
    <>
      {acts.length > AT_HAND && (
        <button type="button" class="button" onClick={onMore}>
          {w.errands.more}
        </button>
      )}
      {nearest(acts, state).map(([name, act], at) => (
        <a key={name} class={at === 0 ? 'button button-main' : 'button'} href={href('act', id, name)}>
          {act.label}
        </a>
      ))}
    </>
  );
}

/** What was said here and is still on this phone. */
function SaidHere({ said, acts }: { said: Waiting[]; acts: Record<string, ActForm> }) {
  const { words: w } = useApp();
  const { moment } = useTimes();
  return (
    <Note tone="near" icon="cloudUp">
      <ul class="plain">
        {said.map((one) => (
          <li key={one.id}>
            <a href={href('waiting')}>
              {acts[String((one.data as { act?: string }).act)]?.label ?? w.waiting.kinds.act} · {moment(one.at)} ·{' '}
              {w.waiting.states[one.state]}
            </a>
          </li>
        ))}
      </ul>
    </Note>
  );
}
