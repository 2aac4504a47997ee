import { inSpan } from '../telemetry/trace.ts';
import type { Chunk } from './leases.ts';

/** Work on a claimed chunk, as it is seen in traces. */
export function inChunkSpan<T>({ number, attempts, targetIds }: Chunk, work: () => Promise<T>): Promise<T> {
  const attributes = { 'outrider.chunk.number': number, 'outrider.chunk.attempt': attempts, 'outrider.chunk.targets': targetIds.length };
  return inSpan({ name: 'chunk', attributes }, work);
}
