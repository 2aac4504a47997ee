import { Button } from '@mantine/core';
import { useState } from 'react';
import { useViewer } from '../../../api/useViewer.ts';
import type { ProspectFactsFragment } from '../../../graphql/graphql.ts';
import { Section } from '../detail/Section.tsx';
import classes from '../detail/Detail.module.css';
import { DeleteProspect } from './DeleteProspect.tsx';
import { EraseProspect } from './EraseProspect.tsx';
import { SuppressProspect } from './SuppressProspect.tsx';

/** The three ways to be rid of a prospect: never to contact it, to delete it, to erase the person. */
export function Remove({ prospect, gone }: { prospect: ProspectFactsFragment; gone: () => void }) {
  const { may } = useViewer();
  const [asking, setAsking] = useState<'suppress' | 'delete' | 'erase' | null>(null);
  const close = () => setAsking(null);
  const { displayName } = prospect;
  return (
    <Section title="Remove">
      <div className={classes['decide']}>
        <Button size="xs" variant="default" aria-label={`Suppress ${displayName}`} onClick={() => setAsking('suppress')}>
          Suppress
        </Button>
        <Button size="xs" variant="default" aria-label={`Delete ${displayName}`} onClick={() => setAsking('delete')}>
          Delete
        </Button>
        {may('ADMIN') && (
          <Button size="xs" variant="light" color="red" aria-label={`Erase ${displayName}`} onClick={() => setAsking('erase')}>
            Erase
          </Button>
        )}
      </div>
      {asking === 'suppress' && <SuppressProspect prospect={prospect} close={close} />}
      {asking === 'delete' && <DeleteProspect prospect={prospect} close={close} gone={gone} />}
      {asking === 'erase' && <EraseProspect prospect={prospect} close={close} />}
    </Section>
  );
}
