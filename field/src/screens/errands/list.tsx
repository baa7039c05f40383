import { Chip } from '../form/choice.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href, replace, type Route } from '../shell/route.ts';
import { CaseRow, ERRANDS, open } from './cases.tsx';

const SHOWS = ['errands', 'cases'] as const;

/** Errands for neighbours, and the other cases in these hands. */
export function Errands({ route }: { route: Route }) {
  const { engine, words: w } = useApp();
  const show = route.query.get('show') === 'cases' ? 'cases' : 'errands';
  const all = open(engine).filter((one) => (one.service === ERRANDS) === (show === 'errands'));
  const [mine, others] = [all.filter((one) => one.mine), all.filter((one) => !one.mine)];
  const begun = Boolean(engine.forms().services[ERRANDS]?.open);
  return (
    <Page title={w.errands.title}>
      <fieldset class="chips">
        <legend class="unseen">{w.households.show}</legend>
        {SHOWS.map((one) => (
          <Chip
            key={one}
            type="radio"
            name="show"
            label={w.errands.shows[one]}
            checked={one === show}
            onPick={() => replace(href('errands', { show: one }))}
          />
        ))}
      </fieldset>
      {show === 'errands' && begun && (
        <a class="button button-main button-wide" href={href('open', ERRANDS)}>
          <Icon name="plus" />
          {w.errands.begin}
        </a>
      )}
      {mine.length > 0 && (
        <Section title={w.errands.mine}>
          <ul class="rows">
            {mine.map((one) => (
              <CaseRow key={one.id} one={one} />
            ))}
          </ul>
        </Section>
      )}
      {others.length > 0 && (
        <Section title={w.errands.others}>
          <ul class="rows">
            {others.map((one) => (
              <CaseRow key={one.id} one={one} />
            ))}
          </ul>
        </Section>
      )}
      {!all.length && (
        <Empty icon={show === 'errands' ? 'errand' : 'check'}>{show === 'errands' ? w.errands.none : w.errands.noCases}</Empty>
      )}
    </Page>
  );
}
