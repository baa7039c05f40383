import type { Case, PlannedVisit, PlanView } from '../../engine/engine.ts';
import { CaseRow, open as openCases } from '../errands/cases.tsx';
import { targetOf } from '../messages/target.ts';
import { HomeRow } from '../households/home-row.tsx';
import { Empty, Row, Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { Page } from '../shell/page.tsx';
import { href } from '../shell/route.ts';
import { useTimes } from '../shell/times.ts';
import { ChildLink } from '../report/child-link.tsx';
import { Warnings } from './warnings.tsx';

const FIRST = 5; // what is due first: more is a list of its own

export function Today() {
  const { engine, words: w } = useApp();
  const plan = engine.plan();
  const cases = openCases(engine).filter((one) => one.mine);
  return (
    <Page title={w.today.title}>
      <ChildLink />
      <Warnings />
      {plan ? <Week plan={plan} /> : <Empty icon="today">{w.today.noPlan}</Empty>}
      {plan && <DueFirst visits={plan.households} />}
      <InHand cases={cases} />
      <News />
    </Page>
  );
}

function Week({ plan }: { plan: PlanView }) {
  const { words: w } = useApp();
  const { day } = useTimes();
  const { households: visits, done, absent, refused, more, quota } = plan;
  const left = visits.filter((one) => !one.outcome).length;
  const lines = [
    absent + refused ? w.today.missed(absent, refused) : '',
    more ? w.today.outside(more) : '',
    quota ? w.today.quota(quota) : '',
  ].filter(Boolean);
  return (
    <section class="card week" aria-label={w.today.week}>
      <div class="week-head">
        <h2>{w.today.week}</h2>
        <span>{w.today.since(day(plan.week))}</span>
      </div>
      <p class="week-figure">
        <strong>{done}</strong> / {visits.length}
        <span>{left ? w.today.left(left) : w.today.allDone}</span>
      </p>
      <progress value={done} max={visits.length || 1} aria-label={w.today.progress(done, visits.length)} />
      {lines.length > 0 && <p class="week-more">{lines.join(' · ')}</p>}
    </section>
  );
}

function DueFirst({ visits }: { visits: PlannedVisit[] }) {
  const { words: w } = useApp();
  const left = visits.filter((one) => !one.outcome);
  if (!left.length) return null;
  return (
    <Section title={w.today.first} aside={<a href={href('households', { show: 'week' })}>{w.today.all(left.length)}</a>}>
      <ul class="rows">
        {left.slice(0, FIRST).map((one) => (
          <HomeRow key={one.dwelling} visit={one} />
        ))}
      </ul>
    </Section>
  );
}

function InHand({ cases }: { cases: Case[] }) {
  const { words: w } = useApp();
  return (
    <Section title={w.today.inHand}>
      {cases.length ? (
        <ul class="rows">
          {cases.map((one) => (
            <CaseRow key={one.id} one={one} />
          ))}
        </ul>
      ) : (
        <Empty icon="check">{w.today.nothingInHand}</Empty>
      )}
    </Section>
  );
}

function News() {
  const { engine, words: w } = useApp();
  const { moment } = useTimes();
  const unread = engine
    .notices()
    .filter((one) => !one.read)
    .slice(0, 2);
  if (!unread.length) return null;
  return (
    <Section title={w.messages.title} aside={<a href={href('messages')}>{w.messages.all}</a>}>
      <ul class="rows">
        {unread.map((one) => (
          <Row key={one.id} icon="bell" title={one.text} about={moment(one.at)} href={targetOf(engine, one) ?? href('messages')} />
        ))}
      </ul>
    </Section>
  );
}
