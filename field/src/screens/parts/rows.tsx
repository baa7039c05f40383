import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'calm' | 'good' | 'near' | 'late' | 'none';

export function Pill({ tone = 'none', icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={tone === 'none' ? 'pill' : `pill pill-${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

interface RowProps {
  title: ComponentChildren;
  about?: ComponentChildren;
  pills?: ComponentChildren;
  icon?: IconName;
  href: string;
  current?: boolean;
}

/** One line of a list: the whole of it is the target. */
export function Row({ title, about, pills, icon, href }: RowProps) {
  return (
    <li>
      <a class="row" href={href}>
        {icon && <Icon name={icon} />}
        <span class="row-main">
          <span class="row-title">{title}</span>
          {about && <span class="row-about">{about}</span>}
          {pills && <span class="row-pills">{pills}</span>}
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  );
}

interface SectionProps {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Section({ title, aside, children }: SectionProps) {
  return (
    <section>
      <div class="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface NoteProps {
  tone?: Exclude<Tone, 'none'>;
  icon?: IconName;
  urgent?: boolean;
  children: ComponentChildren;
}

export function Note({ tone = 'calm', icon = 'info', urgent = false, children }: NoteProps) {
  return (
    <div class={`note is-${tone}`} role={urgent ? 'alert' : undefined}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

export function Facts({ facts }: { facts: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
