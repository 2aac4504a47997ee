import { createHash, timingSafeEqual } from 'node:crypto';

/** What is stored of an API key: sha-256 in hex. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares two hashes in a time that does not tell how much was the same. */
export const isSameHash = (hash: string, other: string): boolean => timingSafeEqual(Buffer.from(hash), Buffer.from(other));
