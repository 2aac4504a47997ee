import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Identity } from '../http/identity.ts';
import type { Actor } from '../services/context.ts';

/** Who holds the unrevoked, unexpired API keys with these sha-256s. */
export async function findApiKeys(orm: MikroORM, hashes: readonly string[]): Promise<Map<string, Identity>> {
  const { rows } = await sql<Actor & { id: string; hash: string; expires_at: Date | string | null }>`
    select id, hash, name, role, expires_at from api_keys
    where hash = any(${hashes}::text[]) and revoked_at is null and (expires_at is null or expires_at > now())`.execute(orm.em.getKysely());
  return new Map(rows.map(({ id, hash, name, role, expires_at }) => [hash, { actor: { name, role }, expiresAt: expires_at === null ? null : new Date(expires_at).getTime(), keyId: id }]));
}
