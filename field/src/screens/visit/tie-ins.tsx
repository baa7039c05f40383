import { Icon, type IconName } from '../parts/icon.tsx';
import { Section } from '../parts/rows.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';

/** What a visit finds opens a matter of its own; the visit's answers stay as they are meanwhile. */
export function TieIns({ dwelling }: { dwelling: string }) {
  const { engine, words: w } = useApp();
  const of = { of: dwelling };
  const opens = (service: string) => Boolean(engine.forms().services[service]?.open);
  const way = (service: string, icon: IconName, label: string): [string, IconName, string][] =>
    opens(service) ? [[href('open', service, of), icon, label]] : [];
  const ways: [string, IconName, string][] = [
    [href('report', of), 'report', w.visit.found.report],
    ...way('errands', 'errand', w.visit.found.errand),
    [href('add', 'situation', of), 'heart', w.visit.found.need],
    ...way('mediation', 'users', w.visit.found.dispute),
    [href('report', { ...of, sort: 'danger' }), 'alert', w.visit.found.danger],
  ];
  return (
    <Section title={w.visit.foundTitle}>
      <p class="quiet">{w.visit.foundHelp}</p>
      <div class="buttons tiles">
        {ways.map(([to, icon, label]) => (
          <a key={to} class="button" href={to}>
            <Icon name={icon} />
            {label}
          </a>
        ))}
      </div>
    </Section>
  );
}
