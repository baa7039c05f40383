import { FaultList, TakenUp } from '../form/fields.tsx';
import { useSay } from '../form/use-say.ts';
import { OpeningFields } from '../report/opening-fields.tsx';
import { useOpening } from '../report/report-form.ts';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { back, href, type Route } from '../shell/route.ts';
import { ERRANDS } from './cases.tsx';

/** Begins a case of any service that a grid worker may open: an errand above all. */
export function OpenCase({ service, route }: { service: string; route: Route }) {
  const { engine, words: w } = useApp();
  const say = useSay();
  const of = engine.record(route.query.get('of') ?? '');
  const { form, first, more, draft } = useOpening({ key: `open/${service}/${of?.id ?? ''}`, service, of });
  const errand = service === ERRANDS;
  const up = href(errand ? 'errands' : 'today');
  const send = () => void say(form, draft, () => back(up));
  return (
    <Page
      title={errand ? w.errands.begin : (engine.forms().services[service]?.label ?? '')}
      up={up}
      acts={
        <button type="button" class="button button-main" onClick={send}>
          {w.form.save}
        </button>
      }
    >
      {of && <p class="quiet">{w.record.addTo(of.name)}</p>}
      <TakenUp form={form} />
      <FaultList form={form} />
      <OpeningFields form={form} first={first} more={more} />
    </Page>
  );
}
