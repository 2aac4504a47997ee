import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { newToken } from '../../config/secrets.ts';
import { isReservedName } from '../../domain/actorNames.ts';
import type { Role } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { hashOf } from '../../domain/tokens.ts';
import type { ServiceContext } from '../context.ts';
import { readName } from '../names.ts';
import { recordActivity } from '../recordActivity.ts';

export interface CreateApiKey {
  name: string;
  role: Role;
  expiresAt?: Date | null;
}

/** @returns the key, which can be read nowhere else, and its uuid @throws {UserErrors} INVALID */
export async function createApiKey({ em, actor }: Pick<ServiceContext, 'em' | 'actor'>, { role, expiresAt = null, ...input }: CreateApiKey): Promise<{ id: string; key: string }> {
  const name = readName(input.name);
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (isReservedName(name)) throw invalid(`The name ${name} is taken by the server itself.`, 'name');
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw invalid('The key would have expired already.', 'expiresAt');
  return em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const id = uuidv7();
    const key = newToken('outrider_key');
    await sql`
      insert into api_keys (id, name, role, hash, expires_at)
      values (${id}::uuid, ${name}, ${role}::role, ${hashOf(key)}, ${expiresAt?.toISOString() ?? null}::timestamptz)`.execute(db);
    await recordActivity(db, { actor: actor.name, action: 'api_key.created', subjectType: 'ApiKey', subjectId: id, details: { role } });
    return { id, key };
  });
}
