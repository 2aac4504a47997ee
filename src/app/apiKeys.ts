import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Role } from '../domain/enums.ts';
import { createOrm } from '../entities/createOrm.ts';
import type { Identity } from '../http/identity.ts';
import { createApiKey, type CreateApiKey } from '../services/apiKeys/createApiKey.ts';
import type { Actor } from '../services/context.ts';

/** Who holds the unrevoked, unexpired API keys with these sha-256s. */
export async function findApiKeys(orm: MikroORM, hashes: readonly string[]): Promise<Map<string, Identity>> {
  const { rows } = await sql<Actor & { hash: string; expires_at: Date | string | null }>`
    select hash, name, role, expires_at from api_keys
    where hash = any(${hashes}::text[]) and revoked_at is null and (expires_at is null or expires_at > now())`.execute(orm.em.getKysely());
  return new Map(rows.map(({ hash, name, role, expires_at }) => [hash, { actor: { name, role }, expiresAt: expires_at === null ? null : new Date(expires_at).getTime() }]));
}

/** A new API key for whoever `holder` names; the answer is the only place where it can be read. @throws {UserErrors} INVALID */
export async function newApiKey(url: string, holder: CreateApiKey): Promise<string> {
  const orm = await createOrm({ url, poolSize: 1, applicationName: 'outrider token' });
  try {
    const { key } = await createApiKey({ em: orm.em.fork(), actor: { name: 'cli', role: Role.ADMIN } }, holder);
    return key;
  } finally {
    await orm.close();
  }
}
