import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Attached, Field, Values } from '../../engine/engine.ts';
import { useApp } from '../shell/context.ts';
import { faultsOf, type Faults } from './check.ts';

// Milliseconds of rest after which what was written is kept; photos are written anew with it.
const PAUSE = 300;
const PAUSE_WITH_FILES = 1500;

export interface FormState {
  id: string;
  fields: Field[];
  values: Values;
  files: Attached[];
  faults: Faults;
  /** Written before, and taken up again now. */
  takenUp: boolean;
  /** False until the draft is read: what is written before that would be lost. */
  ready: boolean;
  set: (name: string, value: unknown) => void;
  attach: (field: string, files: Attached[]) => void;
  /** Whether all is well in these fields (all, if none are given); if not, faults stand beside them and the first has the focus. */
  check: (only?: Field[]) => boolean;
  /** Faults found elsewhere, beside their fields. */
  blame: (faults: Faults) => void;
  /** It is said: the draft may go. */
  done: () => Promise<void>;
  /** Begins anew with these values. */
  clear: (values?: Values) => Promise<void>;
}

interface Options {
  /** Names the draft. */
  key: string;
  fields: Field[];
  initial?: Values;
  files?: Attached[];
  faults?: Faults;
}

/** A form over declared fields whose answers outlive a lock, a restart and a dead battery. */
export function useForm({ key, fields, initial = {}, files: given = [], faults: known = {} }: Options): FormState {
  const { engine, words } = useApp();
  const id = useId();
  const [values, setValues] = useState<Values>(initial);
  const [files, setFiles] = useState<Attached[]>(given);
  const [faults, setFaults] = useState<Faults>(known);
  const [takenUp, setTakenUp] = useState(false);
  const [ready, setReady] = useState(false);
  const keeper = useKeeper(key);
  const wanted = useRef(false);
  const latest = useRef({ values, files }); // two answers may come before one drawing

  useEffect(() => engine.formOpen(), [engine]);
  useEffect(() => {
    void engine.drafts.load(key).then(
      (kept) => {
        if (kept) {
          latest.current = { values: { ...latest.current.values, ...kept.values }, files: kept.files };
          setValues(latest.current.values);
          setFiles(kept.files);
          setTakenUp(true);
        }
        setReady(true);
      },
      () => setReady(true),
    );
  }, [engine, key]);
  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    focusFirst(id, fields, faults);
  }, [faults]);

  return useMemo(() => {
    const free = (name: string) => setFaults(({ [name]: _gone, ...rest }) => rest);
    const blame = (found: Faults) => {
      wanted.current = true;
      setFaults(found);
    };
    return {
      id,
      fields,
      values,
      files,
      faults,
      takenUp,
      ready,
      blame,
      set: (name, value) => {
        latest.current.values = { ...latest.current.values, [name]: value };
        setValues(latest.current.values);
        free(name);
        keeper.later(latest.current.values, latest.current.files);
      },
      attach: (field, these) => {
        latest.current.files = [...latest.current.files.filter((one) => one.field !== field), ...these];
        setFiles(latest.current.files);
        free(field);
        keeper.later(latest.current.values, latest.current.files);
      },
      check: (only = fields) => {
        const found = faultsOf(only, values, files, words);
        blame(found);
        return Object.keys(found).length === 0;
      },
      done: () => keeper.drop(),
      clear: async (fresh = initial) => {
        await keeper.drop();
        latest.current = { values: fresh, files: [] };
        setValues(fresh);
        setFiles([]);
        setFaults({});
        setTakenUp(false);
      },
    } satisfies FormState;
  }, [id, fields, values, files, faults, takenUp, ready, keeper, words]);
}

/** Keeps the newest answers shortly after each change, at once when the screen goes away; one writing after the other. */
function useKeeper(key: string) {
  const { engine } = useApp();
  const keeper = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next: (() => Promise<void>) | null = null;
    let writing: Promise<void> = Promise.resolve();
    const flush = () => {
      clearTimeout(timer);
      const save = next;
      next = null;
      if (save) writing = writing.then(save).catch(() => undefined); // locked meanwhile: what was kept before stands
    };
    return {
      later: (values: Values, files: Attached[]) => {
        clearTimeout(timer);
        next = () => engine.drafts.save(key, values, files);
        timer = setTimeout(flush, files.length ? PAUSE_WITH_FILES : PAUSE);
      },
      drop: async () => {
        clearTimeout(timer);
        next = null;
        await writing;
        await engine.drafts.drop(key);
      },
      flush,
    };
  }, [engine, key]);
  useEffect(() => {
    addEventListener('pagehide', keeper.flush);
    document.addEventListener('visibilitychange', keeper.flush);
    return () => {
      removeEventListener('pagehide', keeper.flush);
      document.removeEventListener('visibilitychange', keeper.flush);
      keeper.flush();
    };
  }, [keeper]);
  return keeper;
}

export const inputId = (form: string, field: string): string => `${form}-${field}`;

function focusFirst(form: string, fields: Field[], faults: Faults): void {
  const first = fields.find((field) => faults[field.name]) ?? null;
  const box = first && document.getElementById(inputId(form, first.name));
  const target = box?.matches('input, textarea, button') ? box : box?.querySelector<HTMLElement>('input, button, canvas');
  (target ?? box)?.focus();
  (box?.closest('.field') ?? box)?.scrollIntoView({ block: 'center' });
}
