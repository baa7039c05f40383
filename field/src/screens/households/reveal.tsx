import { useEffect, useState } from 'preact/hooks';
import { type Field, type Rec, Trouble, type Values } from '../../engine/engine.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Facts, Note } from '../parts/rows.tsx';
import { valueText } from '../parts/values.ts';
import { announce } from '../shell/announce.tsx';
import { useApp } from '../shell/context.ts';
import { useTimes } from '../shell/times.ts';

const SECONDS = 60; // so long it stays in sight

/** Sealed fields are shown whole only for a purpose, for a minute; the look goes into the person's access history. */
export function Reveal({ record, fields }: { record: Rec; fields: Field[] }) {
  const { engine, words: w } = useApp();
  const { day } = useTimes();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<Values | null>(null);
  const names = fields.map((one) => one.label).join(w.common.comma);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setShown(null), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [shown]);
  const look = async (purpose: string) => {
    setAsking(false);
    try {
      setShown(
        await engine.look(
          record.id,
          fields.map((one) => one.name),
          purpose,
        ),
      );
      announce(w.record.shown(SECONDS));
    } catch (error) {
      announce(w.trouble[error instanceof Trouble ? error.code : 'storage']);
    }
  };
  const phone = shown && fields.find((one) => one.type === 'phone' && shown[one.name]);
  return (
    <>
      {!shown && (
        <button type="button" class="button button-wide" onClick={() => setAsking(true)}>
          <Icon name="eye" />
          {w.record.show(names)}
        </button>
      )}
      {shown && (
        <div class="shown">
          <Facts facts={fields.map((one) => [one.label, <strong>{valueText(one, shown[one.name], w, day)}</strong>])} />
          {phone && (
            <a class="button button-main button-wide" href={`tel:${shown[phone.name]}`}>
              <Icon name="phone" />
              {w.record.call(record.name)}
            </a>
          )}
          <button type="button" class="button button-wide" onClick={() => setShown(null)}>
            {w.record.hide}
          </button>
        </div>
      )}
      {asking && <AskPurpose names={names} onPick={(purpose) => void look(purpose)} onClose={() => setAsking(false)} />}
    </>
  );
}

function AskPurpose({ names, onPick, onClose }: { names: string; onPick: (purpose: string) => void; onClose: () => void }) {
  const { engine, words: w } = useApp();
  return (
    <Dialog title={w.record.purpose} onClose={onClose}>
      <Note tone="calm">{w.record.purposeWhy(names)}</Note>
      <ul class="rows">
        {Object.entries(engine.forms().purposes).map(([code, label]) => (
          <li key={code}>
            <button type="button" class="row" onClick={() => onPick(code)}>
              <span class="row-main">{label}</span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button button-wide" onClick={onClose}>
        {w.common.cancel}
      </button>
    </Dialog>
  );
}
