import type { Actor } from '../services/context.ts';

/** Who holds a token, and until when. */
export interface Identity {
  actor: Actor;
  /** milliseconds since 1970; null for no end of its own */
  expiresAt: number | null;
  /** uuid of the API key; absent for any other token */
  keyId?: string;
}
