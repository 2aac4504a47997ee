import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconDownload } from '@tabler/icons-react';
import { useViewer } from '../../api/useViewer.ts';
import { filterOf } from './filters/filter.ts';
import type { ProspectsSearch } from './search.ts';

/** What can be begun here, and the list as a file. */
export function PageActions({ search }: { search: ProspectsSearch }) {
  const { may } = useViewer();
  const file = `/export?${new URLSearchParams({ format: 'csv', filter: JSON.stringify(filterOf(search)) })}`;
  return (
    <>
      <Button component="a" href={file} download variant="subtle" color="gray" leftSection={<IconDownload size={16} aria-hidden />}>
        Export
      </Button>
      {may('OPERATOR') && (
        <>
          <Button variant="default" renderRoot={(props) => <Link to="/prospects" search={{ ...search, start: 'import' }} resetScroll={false} {...props} />}>
            Import
          </Button>
          <Button renderRoot={(props) => <Link to="/prospects" search={{ ...search, start: 'add' }} resetScroll={false} {...props} />}>Add a prospect</Button>
        </>
      )}
    </>
  );
}
