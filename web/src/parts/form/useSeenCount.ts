import { useState } from 'react';

/**
 * A number that a person confirms. It stands as it was first shown, however often the page counts meanwhile: what is pressed is what was read.
 * @param counted the newest count; null while there is none
 * @param of what is counted; the count of something else is shown at once
 * @returns `count`, and `renew` for when the server has refused it: the next other count is shown
 */
export function useSeenCount(counted: number | null, of = ''): { count: number | null; renew: () => void } {
  const [seen, see] = useState({ of, count: counted, isOver: false });
  const isOther = counted !== null && counted !== seen.count;
  // Where there is nothing to confirm there is nothing to hold on to either.
  if (seen.of !== of || (isOther && (seen.isOver || !seen.count))) see({ of, count: counted, isOver: false });
  return { count: seen.count, renew: () => see((before) => ({ ...before, isOver: true })) };
}
