import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Role } from '../domain/enums.ts';
import type { Actor } from '../services/context.ts';
import { hashOf, isSame } from '../domain/tokens.ts';

export const cookieName = 'outrider_token';

/** A key that was good stays good this long without being looked up again. */
const freshMs = 10_000;
/** While the database is down, a key that was good is remembered this long. */
const rememberedMs = 300_000;
const rememberedKeys = 1_000;

export interface Authenticator {
  /** Who holds this token; null for nobody. Rejects when the database would have to say and does not answer. */
  actorOf(token: string | null): Promise<Actor | null>;
  /** whether it is OUTRIDER_TOKEN */
  isAdminToken(token: string | null): boolean;
  /** after a key was revoked: asks the database again about every one */
  forget(): void;
}

export interface AuthenticatorOptions {
  /** the admin token that needs no database */
  adminToken: string;
  /** who holds the unrevoked API key with this hash */
  findKey: (hash: string) => Promise<Actor | null>;
}

export function createAuthenticator({ adminToken, findKey }: AuthenticatorOptions): Authenticator {
  const known = new Map<string, { actor: Actor; at: number }>();
  const isAdminToken = (token: string | null) => token !== null && token.length <= 512 && isSame(token, adminToken);
  return {
    isAdminToken,
    forget: () => known.clear(),
    async actorOf(token) {
      if (token === null || token.length > 512) return null;
      if (isAdminToken(token)) return { name: 'admin', role: Role.ADMIN };
      const hash = hashOf(token);
      const seen = known.get(hash);
      const age = seen ? Date.now() - seen.at : Infinity;
      if (seen && age < freshMs) return seen.actor;
      try {
        const actor = await findKey(hash);
        known.delete(hash);
        if (actor) known.set(hash, { actor, at: Date.now() });
        if (known.size > rememberedKeys) known.delete(known.keys().next().value!);
        return actor;
      } catch (error) {
        if (seen && age < rememberedMs) return seen.actor;
        throw error;
      }
    },
  };
}

/** The token of `Authorization: Bearer …`, else of the cookie; null without either. */
export function tokenOf({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  if (headers.authorization !== undefined) return bearer(headers.authorization);
  const value = cookieOf(headers, cookieName);
  return value ? decoded(value) : null;
}

/** The value of a cookie as it was sent. */
export function cookieOf({ cookie }: IncomingHttpHeaders, wanted: string): string | undefined {
  for (const part of cookie?.split(';') ?? []) {
    const [name, value] = part.trim().split(/=(.*)/, 2);
    if (name === wanted && value) return value;
  }
  return undefined;
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/** The token in `Bearer …`; null for anything else. */
export function bearer(header: unknown): string | null {
  return typeof header === 'string' ? (/^Bearer (\S+)$/i.exec(header)?.[1] ?? null) : null;
}
