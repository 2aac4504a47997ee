import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Notice } from './Notice.tsx';
import { Page } from './Page.tsx';

/** A fault of the page itself; the rest of the dashboard stays usable. */
export function PageCrashed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <Notice tone="bad" title={error instanceof Error ? error.message : String(error)}>
        <Button size="xs" variant="default" mt="xs" onClick={reset}>
          Try again
        </Button>
      </Notice>
    </Page>
  );
}
