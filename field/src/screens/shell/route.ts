import { useEffect, useState } from 'preact/hooks';

/** Where we are: `#/dwelling/ID?need=1` is parts ["dwelling", "ID"] and query need. Works without a network; back works. */
export interface Route {
  path: string;
  parts: string[];
  query: URLSearchParams;
}

const HOME = '/today';

export function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const whole = path || HOME;
  return { path: whole, parts: whole.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export function href(...to: (string | Record<string, string>)[]): string {
  const parts = to.filter((one) => typeof one === 'string').map(encodeURIComponent);
  const query = new URLSearchParams(to.find((one) => typeof one === 'object') ?? {}).toString();
  return `#/${parts.join('/')}${query ? `?${query}` : ''}`;
}

let depth = 0; // how many of our own screens lie behind this one

export function go(to: string): void {
  location.hash = to;
}

/** Puts another screen in the place of this one: back does not lead to a form that is already sent. */
export function replace(to: string): void {
  location.replace(to);
}

export function back(otherwise: string = href('today')): void {
  if (depth > 0) history.back();
  else replace(otherwise);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => read(location.hash));
  useEffect(() => {
    history.replaceState({ depth }, '');
    const moved = () => {
      const known = (history.state as { depth?: number } | null)?.depth;
      depth = known ?? depth + 1;
      if (known === undefined) history.replaceState({ depth }, '');
      setRoute(read(location.hash));
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return route;
}
