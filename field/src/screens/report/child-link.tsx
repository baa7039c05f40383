import { Icon } from '../parts/icon.tsx';
import { useWords } from '../shell/context.ts';
import { href } from '../shell/route.ts';

/** From anywhere in two touches: the emergency number, and a report that goes first. */
export function ChildLink() {
  const w = useWords();
  return (
    <a class="child-link" href={href('child')}>
      <Icon name="alert" />
      <span class="row-main">
        <strong>{w.child.link}</strong>
        <span>{w.child.linkHelp}</span>
      </span>
      <Icon name="next" />
    </a>
  );
}
