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
  throw unexpected(response.url, parsed.error);
}

function unexpected({ host }: URL, error: z.ZodError | undefined): DiscoveryError {
  const issue = error?.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  return new DiscoveryError('UNEXPECTED_ANSWER', `${host} answers in another form than its API promises${where}: ${issue?.message ?? 'it is none'}.`);
}

/**
 * Those that have the shape: one that has not is no reason to lose the others.
 * @throws {DiscoveryError} UNEXPECTED_ANSWER when none has: it is the API that is another one, and nothing found would be a lie
 */
export function itemsOf<T>({ url }: Fetched, items: readonly unknown[], shape: z.ZodType<T>): T[] {
  const parsed = items.map((item) => shape.safeParse(item));
  const good = parsed.flatMap((one) => (one.success ? [one.data] : []));
  if (items.length > 0 && good.length === 0) throw unexpected(url, parsed[0]?.error);
  return good;
}

/** A refusal as the user reads it, by the answer's status; any other failure stays as it is. */
export function explained(error: unknown, meanings: { readonly [status: number]: readonly [code: string, message: string] }): unknown {
  const meaning = error instanceof FetchError && error.code === 'HTTP_STATUS' && error.status !== undefined ? meanings[error.status] : undefined;
  return meaning ? new DiscoveryError(...meaning) : error;
}
