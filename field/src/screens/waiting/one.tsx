import { useState } from 'preact/hooks';
import { Trouble, type Waiting, type WaitingState } from '../../engine/engine.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Note, Pill, type Tone } from '../parts/rows.tsx';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { pageOf } from '../households/list.tsx';
import { amendable, fieldsOf } from './fields-of.ts';

const TONES: Record<WaitingState, Tone> = { queued: 'near', sending: 'calm', held: 'near', refused: 'late', conflict: 'late' };

export function OneWaiting({ one }: { one: Waiting }) {
  const { engine, words: w } = useApp();
  const { moment } = useTimes();
  const labels = new Map(
    fieldsOf(engine.forms(), one.kind, one.data, engine.record(one.subject)?.kind).map((field) => [field.name, field.label]),
  );
  const faults = Object.entries(one.errors);
  const files = one.files.reduce((sum, file) => ({ size: sum.size + file.size, sent: sum.sent + file.sent }), { size: 0, sent: 0 });
  return (
    <li class="card">
      <div class="one-head">
        <h3>
          {w.waiting.kinds[one.kind]}
          {one.about && ` · ${one.about}`}
        </h3>
        <Pill tone={TONES[one.state]}>{w.waiting.states[one.state]}</Pill>
      </div>
      <p class="quiet">
        {moment(one.at)}
        {one.first && ` · ${w.waiting.first}`}
      </p>
      {!faults.some(([, words]) => words.includes(one.sentence)) && <p>{one.sentence || w.waiting.why[one.state]}</p>}
      {faults.length > 0 && (
        <Note tone="late" icon="alert">
          <ul class="plain">
            {faults.map(([name, words]) => (
              <li key={name}>
                {labels.has(name) && (
                  <strong>
                    {labels.get(name)}
                    {w.common.colon}
                  </strong>
                )}
                {words.join(' ')}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {files.size > 0 && <p class="quiet">{w.waiting.files(one.files.length, Math.floor((files.sent / files.size) * 100))}</p>}
      <Choices one={one} />
    </li>
  );
}

function Choices({ one }: { one: Waiting }) {
  const { engine, words: w } = useApp();
  const [asking, setAsking] = useState(false);
  const record = engine.record(one.subject);
  const again = async () => {
    try {
      await engine.sayInstead(one.id, await engine.edit(one.id));
      announce(w.waiting.saidAgain);
    } catch (error) {
      announce(w.trouble[error instanceof Trouble ? error.code : 'storage']);
    }
  };
  const drop = async () => {
    setAsking(false);
    await engine.drop(one.id, true);
    announce(w.waiting.dropped);
  };
  if (one.state === 'conflict') {
    return (
      <div class="buttons">
        {record && (
          <a class="button" href={pageOf(record)}>
            {w.waiting.open}
          </a>
        )}
        <button type="button" class="button button-main" onClick={() => void engine.seen(one.id).then(() => announce(w.waiting.putAway))}>
          {w.waiting.seen}
        </button>
      </div>
    );
  }
  if (one.state !== 'refused') return null;
  return (
    <div class="buttons">
      {amendable(one.kind) && (
        <a class="button button-main" href={href('amend', one.id)}>
          {w.waiting.amend}
        </a>
      )}
      <button type="button" class="button" onClick={() => void again()}>
        {w.waiting.again}
      </button>
      <button type="button" class="button button-grave-quiet" onClick={() => setAsking(true)}>
        {w.waiting.drop}
      </button>
      {asking && (
        <Confirm
          title={w.waiting.drop}
          words={w.waiting.dropWarning}
          yes={w.waiting.dropYes}
          grave
          onYes={() => void drop()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
