import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { newToken } from '../config/secrets.ts';
import { createOrm } from '../entities/createOrm.ts';
import { hashOf } from '../http/tokens.ts';
import type { Actor } from '../services/context.ts';

/** Who holds the unrevoked, unexpired API key with this sha-256. */
export async function findApiKey(orm: MikroORM, hash: string): Promise<Actor | null> {
  const { rows } = await sql<Actor>`
    select name, role from api_keys
    where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > now())`.execute(orm.em.getKysely());
  return rows[0] ?? null;
}

/** A new API key for whoever `actor` names; the answer is the only place where it can be read. */
export async function createApiKey(url: string, { name, role }: Actor): Promise<string> {
  const orm = await createOrm({ url, poolSize: 1, applicationName: 'outrider token' });
  try {
    const key = newToken('outrider_key');
    await sql`insert into api_keys (id, name, role, hash) values (${uuidv7()}, ${name}, ${role}, ${hashOf(key)})`.execute(orm.em.getKysely());
    return key;
  } finally {
    await orm.close();
  }
}
