import { createHash, timingSafeEqual } from 'node:crypto';

/** What is stored of an API key: sha-256 in hex. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares in a time that does not tell how much was right. */
export function isSame(token: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(hashOf(other)));
}
