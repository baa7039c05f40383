import { useRef, useState } from 'preact/hooks';
import { FaultList, TakenUp } from '../form/fields.tsx';
import { useSay } from '../form/use-say.ts';
import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href, type Route } from '../shell/route.ts';
import { ChildLink } from './child-link.tsx';
import { DisputeLink } from './dispute-link.tsx';
import { OpeningFields } from './opening-fields.tsx';
import { useOpening } from './report-form.ts';

/** What is wrong, where, with photos; one after the other without leaving the screen. */
export function Report({ route }: { route: Route }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const sort = route.query.get('sort');
  const of = engine.record(route.query.get('of') ?? '');
  const { form, first, more, draft } = useOpening({ key: `report/${of?.id ?? ''}/${sort ?? ''}`, service: 'requests', sort, of });
  const [count, setCount] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const send = (another: boolean) =>
    void say(form, draft, async () => {
      if (!another) return back(href('today'));
      setCount(count + 1);
      await form.clear();
      scrollTo(0, 0);
      top.current?.focus();
    });
  const acts = (
    <>
      <button type="button" class="button" onClick={() => send(true)}>
        {w.report.another}
      </button>
      <button type="button" class="button button-main" onClick={() => send(false)}>
        {w.report.save}
      </button>
    </>
  );
  return (
    <Page title={w.report.title} up={href('today')} acts={acts}>
      <div ref={top} tabIndex={-1} role="status">
        {count > 0 && (
          <Note tone="good" icon="check">
            {w.report.count(count)}
          </Note>
        )}
      </div>
      {of && <p class="quiet">{w.record.addTo(of.name)}</p>}
      <TakenUp form={form} />
      <FaultList form={form} />
      <OpeningFields form={form} first={first} more={more} />
      <DisputeLink of={of?.id} />
      <ChildLink />
    </Page>
  );
}
