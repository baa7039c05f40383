import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Engine } from '../engine/engine.ts';
import { chosen, keep, type Language, WORDS } from '../words/words.ts';
import { Enrol } from './door/enrol.tsx';
import { Revoked } from './door/revoked.tsx';
import { Sealed } from './door/sealed.tsx';
import { Unlock } from './door/unlock.tsx';
import { Act } from './errands/act.tsx';
import { CasePage } from './errands/case.tsx';
import { Errands } from './errands/list.tsx';
import { OpenCase } from './errands/open.tsx';
import { AddTie } from './households/add-tie.tsx';
import { Add } from './households/add.tsx';
import { Dwelling } from './households/dwelling.tsx';
import { Edit } from './households/edit.tsx';
import { Households } from './households/list.tsx';
import { RecordPage } from './households/record.tsx';
import { MapPage } from './map/map.tsx';
import { Messages } from './messages/messages.tsx';
import { Child } from './report/child.tsx';
import { Report } from './report/report.tsx';
import { ChangePin } from './settings/change-pin.tsx';
import { Settings } from './settings/settings.tsx';
import { Announced } from './shell/announce.tsx';
import { AppContext, useApp, useAppValue } from './shell/context.ts';
import { Missing } from './shell/missing.tsx';
import { href, type Route, useRoute } from './shell/route.ts';
import { Today } from './today/today.tsx';
import { Visit } from './visit/visit.tsx';
import { Amend } from './waiting/amend.tsx';
import { Waiting } from './waiting/waiting.tsx';

export function App({ engine }: { engine: Engine }) {
  const [language, setLanguage] = useState<Language>(() => chosen(engine.account?.language));
  const speak = useMemo(
    () => (to: Language) => {
      keep(to);
      setLanguage(to);
    },
    [],
  );
  const value = useAppValue(engine, WORDS[language], language, speak);
  useEffect(() => {
    document.documentElement.lang = { 'zh-hans': 'zh-Hans', 'zh-hant': 'zh-Hant', en: 'en' }[language];
  }, [language]);
  const w = value.words;
  return (
    <AppContext.Provider value={value}>
      <a class="skip" href="#content" onClick={skip}>
        {w.nav.skip}
      </a>
      {engine.state === 'open' ? <Open /> : <Closed engine={engine} />}
      <Announced />
    </AppContext.Provider>
  );
}

/** The hash is our route, so the link does by hand what it says. */
function skip(event: Event): void {
  event.preventDefault();
  const content = document.getElementById('content');
  content?.setAttribute('tabindex', '-1');
  content?.focus();
}

function Closed({ engine }: { engine: Engine }) {
  switch (engine.state) {
    case 'new':
      return <Enrol />;
    case 'sealed':
      return <Sealed />;
    case 'revoked':
      return <Revoked />;
    default:
      return <Unlock />;
  }
}

function Open() {
  const { engine } = useApp();
  const route = useRoute();
  useEffect(() => {
    void engine.storage().then(({ persisted }) => persisted || engine.askPersistence());
  }, [engine]);
  return (
    <div class="has-nav" key={route.path}>
      <Screen route={route} />
    </div>
  );
}

const SCREENS: Record<string, (route: Route) => preact.JSX.Element> = {
  today: () => <Today />,
  map: () => <MapPage />,
  households: (route) => <Households route={route} />,
  dwelling: ({ parts }) => <Dwelling id={parts[1] ?? ''} />,
  record: ({ parts }) => <RecordPage id={parts[1] ?? ''} />,
  edit: ({ parts }) => <Edit id={parts[1] ?? ''} />,
  add: (route) => <Add kind={route.parts[1] ?? ''} route={route} />,
  tie: ({ parts }) => <AddTie id={parts[1] ?? ''} />,
  visit: ({ parts }) => <Visit id={parts[1] ?? ''} />,
  report: (route) => <Report route={route} />,
  child: () => <Child />,
  errands: (route) => <Errands route={route} />,
  open: (route) => <OpenCase service={route.parts[1] ?? ''} route={route} />,
  case: ({ parts }) => <CasePage id={parts[1] ?? ''} />,
  act: ({ parts }) => <Act id={parts[1] ?? ''} name={parts[2] ?? ''} />,
  messages: () => <Messages />,
  waiting: () => <Waiting />,
  amend: ({ parts }) => <Amend id={parts[1] ?? ''} />,
  settings: () => <Settings />,
  pin: () => <ChangePin />,
};

function Screen({ route }: { route: Route }) {
  const screen = SCREENS[route.parts[0] ?? ''];
  return screen ? screen(route) : <Missing up={href('today')} />;
}
