import { Skeleton } from '@mantine/core';

/** The place of rows that are on their way. */
export function Loading({ what, rows = 4 }: { what: string; rows?: number }) {
  return (
    <div role="status" aria-label={`Reading ${what}`}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={18} my={14} width={`${92 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  );
}
