import type { Rec } from '../../engine/engine.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';

/** What can be said about a record, or begun for it. */
export function AddMenu({ record, onClose }: { record: Rec; onClose: () => void }) {
  const { engine, words: w } = useApp();
  const of = { of: record.id };
  const ways: [string, IconName, string][] = [
    ...(record.kind === 'dwelling' ? [[href('add', 'person', of), 'user', w.households.addPerson] as [string, IconName, string]] : []),
    [href('add', 'situation', of), 'heart', w.record.addNeed],
    [href('tie', record.id), 'users', w.record.addTie],
    [href('report', of), 'report', w.report.title],
    ...(engine.forms().services['errands']?.open
      ? [[href('open', 'errands', of), 'errand', w.errands.begin] as [string, IconName, string]]
      : []),
  ];
  return (
    <Dialog title={w.households.add} onClose={onClose}>
      <ul class="rows">
        {ways.map(([to, icon, label]) => (
          <li key={to}>
            <a class="row" href={to}>
              <Icon name={icon} />
              <span class="row-main">{label}</span>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
      <button type="button" class="button button-wide" onClick={onClose}>
        {w.common.cancel}
      </button>
    </Dialog>
  );
}
