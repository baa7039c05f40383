import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useEngine, useWords } from './context.ts';
import { Nav } from './nav.tsx';
import { back, href } from './route.ts';
import { Strip } from './strip.tsx';
import mark from './mark.svg';

interface Props {
  title: string;
  /** Where back leads when nothing lies behind; without it this is one of the five first screens, or a bell's. */
  up?: string;
  /** The main acts, at the thumb. With them the five ways give place. */
  acts?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

/** A screen: its name is read out and told to the browser when it comes. */
export function Page({ title, up, acts, wide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const w = useWords();
  useEffect(() => {
    document.title = `${title} · ${w.common.app}`;
  }, [title, w]);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header class="head">
        <div class="head-row">
          {up ? <Back up={up} /> : <img class="head-mark" src={mark} alt="" />}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {!up && <Corner />}
        </div>
        <Strip />
      </header>
      <main id="content" class={wide ? 'is-wide' : undefined}>
        {children}
      </main>
      {acts && (
        <section class="foot" aria-label={w.nav.acts}>
          <div class="acts">{acts}</div>
        </section>
      )}
      <div class={acts ? 'foot shell-nav is-aside' : 'foot shell-nav'}>
        <Nav />
      </div>
    </>
  );
}

function Back({ up }: { up: string }) {
  const w = useWords();
  return (
    <button type="button" class="head-button head-back" aria-label={w.common.back} onClick={() => back(up)}>
      <Icon name="back" />
    </button>
  );
}

function Corner() {
  const w = useWords();
  const unread = useEngine()
    .notices()
    .filter((one) => !one.read).length;
  return (
    <>
      <a class="head-button" href={href('messages')} aria-label={w.messages.unread(unread)}>
        <Icon name="bell" />
        {unread > 0 && (
          <span class="count" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </a>
      <a class="head-button" href={href('settings')} aria-label={w.settings.title}>
        <Icon name="settings" />
      </a>
    </>
  );
}
