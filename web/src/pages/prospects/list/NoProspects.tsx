import { Button } from '@mantine/core';
import { Empty } from '../../../parts/Empty.tsx';

/** An empty list, and the next step: other filters, or the first prospects. */
export function NoProspects({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (!isFiltered) {
    return (
      <Empty title="There are no prospects yet">
        <p>Import a file of them, search a platform for them, or add one by hand.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No prospect matches these filters">
      <Button size="xs" variant="default" mt="xs" onClick={clear}>
        Clear the filters
      </Button>
    </Empty>
  );
}
