import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Role } from '../domain/enums.ts';
import { createOrm } from '../entities/createOrm.ts';
import { createApiKey } from '../services/apiKeys/createApiKey.ts';
import type { Actor } from '../services/context.ts';

/** Who holds the unrevoked, unexpired API key with this sha-256. */
export async function findApiKey(orm: MikroORM, hash: string): Promise<Actor | null> {
  const { rows } = await sql<Actor>`
    select name, role from api_keys
    where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > now())`.execute(orm.em.getKysely());
  return rows[0] ?? null;
}

/** A new API key for whoever `holder` names; the answer is the only place where it can be read. @throws {UserErrors} INVALID */
export async function newApiKey(url: string, holder: Actor): Promise<string> {
  const orm = await createOrm({ url, poolSize: 1, applicationName: 'outrider token' });
  try {
    const { key } = await createApiKey({ em: orm.em.fork(), actor: { name: 'cli', role: Role.ADMIN } }, holder);
    return key;
  } finally {
    await orm.close();
  }
}
