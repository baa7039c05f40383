import { render } from 'preact';
import type { Engine } from './engine/engine.ts';
import { App } from './screens/app.tsx';
import './style.scss';

async function engine(): Promise<Engine> {
  const asked = new URLSearchParams(location.search);
  if (import.meta.env.DEV && asked.has('made-up')) {
    const { MadeUp } = await import('./engine/made_up.ts');
    return new MadeUp((asked.get('made-up') || 'locked') as Engine['state']);
  }
  const { begin } = await import('./engine/begin.ts');
  return begin();
}

render(<App engine={await engine()} />, document.getElementById('app')!);
