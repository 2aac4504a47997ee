import { Code } from '@mantine/core';
import { Notice } from './Notice.tsx';

/** The commonest reason that nothing happens, said where somebody waits for it. `workers` is null when it could not be read. */
export function NoWorker({ workers, waiting }: { workers: readonly unknown[] | null | undefined; waiting: boolean }) {
  if (!waiting || !workers || workers.length > 0) return null;
  return (
    <Notice tone="warn" title="No worker is running">
      <p>
        Jobs stay where they are until one does. Start it with <Code>outrider worker</Code>.
      </p>
    </Notice>
  );
}
