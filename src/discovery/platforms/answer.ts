import type { z } from 'zod';
import { DiscoveryError } from '../adapter.ts';
import { type Fetched, FetchError } from '../fetch/fetch.ts';

/**
 * An answer in the shape that an API promises.
 * @throws {FetchError} NOT_JSON
 * @throws {DiscoveryError} UNEXPECTED_ANSWER
 */
export function answerOf<T>(response: Fetched, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new DiscoveryError('UNEXPECTED_ANSWER', `${response.url.host} answers in another form than its API promises${where}: ${issue?.message ?? ''}.`);
}

/** Those that have the shape: one that has not is no reason to lose the others. */
export function itemsOf<T>(items: readonly unknown[], shape: z.ZodType<T>): T[] {
  return items.flatMap((item) => {
    const parsed = shape.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

/** A refusal as the user reads it, by the answer's status; any other failure stays as it is. */
export function explained(error: unknown, meanings: { readonly [status: number]: readonly [code: string, message: string] }): unknown {
  const meaning = error instanceof FetchError && error.code === 'HTTP_STATUS' && error.status !== undefined ? meanings[error.status] : undefined;
  return meaning ? new DiscoveryError(...meaning) : error;
}
