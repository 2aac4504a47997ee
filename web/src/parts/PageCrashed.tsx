import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Notice } from './Notice.tsx';

/** A fault of the page itself; the rest of the dashboard stays usable. */
export function PageCrashed({ error, reset }: ErrorComponentProps) {
  return (
    <Notice tone="bad" title="This page failed">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <Button size="xs" variant="default" mt="xs" onClick={reset}>
        Try again
      </Button>
    </Notice>
  );
}
