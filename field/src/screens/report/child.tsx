import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { useSay } from '../form/use-say.ts';
import { Icon } from '../parts/icon.tsx';
import { Note } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href } from '../shell/route.ts';
import { useOpening } from './report-form.ts';
import { CATEGORIES } from './presets.ts';

const EMERGENCY = '110';
const ASKED = ['text', 'place', 'address', 'photos'];

/** Suspected harm to a child: call first, then a report that goes before everything else. The duty is immediate. */
export function Child() {
  const { words: w } = useApp();
  const say = useSay();
  const { form, draft } = useOpening({ key: 'report/child', service: 'requests', sort: 'child', of: null, only: ASKED, anywhere: true });
  const send = () =>
    void say(
      form,
      () => ({ ...draft({ category: CATEGORIES['child'] }), first: true }),
      () => back(href('today')),
    );
  return (
    <Page
      title={w.child.title}
      up={href('today')}
      acts={
        <button type="button" class="button button-grave" onClick={send}>
          {w.child.save}
        </button>
      }
    >
      <a class="call" href={`tel:${EMERGENCY}`}>
        <Icon name="phone" />
        <span>
          <strong>{w.child.call(EMERGENCY)}</strong>
          <span>{w.child.callHelp}</span>
        </span>
      </a>
      <Note tone="late" icon="alert">
        <ul class="plain">
          {w.child.duties.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Note>
      <TakenUp form={form} />
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} />
      </form>
    </Page>
  );
}
