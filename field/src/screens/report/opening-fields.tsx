import { Fields } from '../form/fields.tsx';
import type { FormState } from '../form/use-form.ts';
import type { Field } from '../../engine/engine.ts';
import { useWords } from '../shell/context.ts';

/** What an opening asks: the weighty answers, and the rest behind a line that opens where something there is wrong. */
export function OpeningFields({ form, first, more }: { form: FormState; first: Field[]; more: Field[] }) {
  const w = useWords();
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      <Fields form={form} fields={first} />
      {more.length > 0 && (
        <details class="more" open={more.some((one) => form.faults[one.name])}>
          <summary>{w.report.more}</summary>
          <div class="form">
            <Fields form={form} fields={more} />
          </div>
        </details>
      )}
    </form>
  );
}
