import { FaultList, Fields, TakenUp } from '../form/fields.tsx';
import { useSay } from '../form/use-say.ts';
import { useOpening } from '../report/report-form.ts';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href, type Route } from '../shell/route.ts';

/** Begins a case of any service that a grid worker may open: an errand above all. */
export function OpenCase({ service, route }: { service: string; route: Route }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const of = engine.record(route.query.get('of') ?? '');
  const { form, draft } = useOpening({ key: `open/${service}/${of?.id ?? ''}`, service, of });
  const send = () => void say(form, draft, () => back(href('errands')));
  return (
    <Page
      title={w.errands.begin}
      up={href('errands')}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.form.save}
        </button>
      }
    >
      {of && <p class="quiet">{w.record.addTo(of.name)}</p>}
      <TakenUp form={form} />
      <FaultList form={form} />
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Fields form={form} />
      </form>
    </Page>
  );
}
