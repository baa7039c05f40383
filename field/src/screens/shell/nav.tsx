import { Icon, type IconName } from '../parts/icon.tsx';
import { useWords } from './context.ts';
import { href, read } from './route.ts';

const PLACES = ['today', 'households', 'report', 'errands', 'map'] as const;
const ICONS: Record<(typeof PLACES)[number], IconName> = {
  today: 'today',
  households: 'homes',
  report: 'report',
  errands: 'errand',
  map: 'map',
};

/** The five ways of the app, in reach of the thumb. */
export function Nav() {
  const w = useWords();
  const here = read(location.hash).parts[0];
  return (
    <nav class="nav" aria-label={w.nav.label}>
      {PLACES.map((place) => (
        <a key={place} href={href(place)} aria-current={place === here ? 'page' : undefined}>
          <Icon name={ICONS[place]} />
          {w.nav[place]}
        </a>
      ))}
    </nav>
  );
}
