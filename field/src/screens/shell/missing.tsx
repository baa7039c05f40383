import { Empty } from '../parts/rows.tsx';
import { useWords } from './context.ts';
import { Page } from './page.tsx';

/** What was here is not on this phone, or not any more. */
export function Missing({ up }: { up: string }) {
  const w = useWords();
  return (
    <Page title={w.common.missing} up={up}>
      <Empty icon="search">{w.common.missingWhy}</Empty>
    </Page>
  );
}
