import { UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useViewer } from '../../../api/useViewer.ts';
import { VisuallyHidden } from '../../../parts/VisuallyHidden.tsx';
import type { Change, ProspectsSearch } from '../search.ts';
import { conditionsOf, noConditions } from './filter.ts';
import classes from './Filters.module.css';

const SaveFilter = lazy(async () => ({ default: (await import('./SaveFilter.tsx')).SaveFilter }));

/** What holds for every row, each condition to be taken away. */
export function Conditions({ search, change }: { search: ProspectsSearch; change: Change }) {
  const { may } = useViewer();
  const [saving, setSaving] = useState(false);
  const conditions = conditionsOf(search);
  if (conditions.length === 0) return null;
  return (
    <div className={classes['conditions']} role="group" aria-label="Filters in force">
      {conditions.map(({ key, text, without }) => (
        <UnstyledButton key={key} className={classes['condition']} title={text} onClick={() => change(without)}>
          <span dir="auto">{text}</span>
          <VisuallyHidden>, take this filter away</VisuallyHidden>
          <IconX size={14} aria-hidden />
        </UnstyledButton>
      ))}
      <UnstyledButton className={classes['clear']} onClick={() => change(noConditions)}>
        Clear filters
      </UnstyledButton>
      {may('OPERATOR') && (
        <UnstyledButton className={classes['clear']} onClick={() => setSaving(true)}>
          Save this filter
        </UnstyledButton>
      )}
      {saving && (
        <Suspense>
          <SaveFilter search={search} close={() => setSaving(false)} />
        </Suspense>
      )}
    </div>
  );
}
