import { Icon } from '../parts/icon.tsx';
import { useApp } from '../shell/context.ts';
import { href } from '../shell/route.ts';

export const MEDIATION = 'mediation';

/** People who quarrel are no problem to be mended: they get a matter of their own, which its finder does not mediate. */
export function DisputeLink({ of }: { of?: string | undefined }) {
  const { engine, words: w } = useApp();
  if (!engine.forms().services[MEDIATION]?.open) return null;
  return (
    <a class="button button-wide" href={href('open', MEDIATION, of ? { of } : {})}>
      <Icon name="users" />
      {w.visit.found.dispute}
    </a>
  );
}
