import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useViewer } from '../../api/useViewer.ts';
import type { JobsSearch } from './search.ts';

/** The ways to begin something, the commonest last; those who may not are told so on the page. */
export function StartActions({ start }: { start: (dialog: NonNullable<JobsSearch['start']>) => void }) {
  const { may } = useViewer();
  if (!may('OPERATOR')) return null;
  return (
    <>
      <Button variant="default" renderRoot={(props) => <Link to="/prospects" search={{ start: 'import' }} {...props} />}>
        Import prospects
      </Button>
      <Button variant="default" renderRoot={(props) => <Link to="/drafts" search={{ start: 'follow-up' }} {...props} />}>
        Follow up
      </Button>
      <Button variant="default" onClick={() => start('discover')}>
        Discover prospects
      </Button>
      <Button onClick={() => start('draft')}>Start a draft job</Button>
    </>
  );
}
