import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { JobContext } from '../jobContext.ts';
import { recordActivity } from '../recordActivity.ts';

/** From now on the key opens nothing, on any server; a second time changes nothing. @throws {UserErrors} NOT_FOUND */
export async function revokeApiKey({ em, actor, events }: Pick<JobContext, 'em' | 'actor' | 'events'>, id: string): Promise<void> {
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql<{ revoked: boolean }>`
      select revoked_at is not null as revoked from api_keys where id = ${id}::uuid for update`.execute(db);
    if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such API key.', field: ['input', 'id'] });
    if (rows[0].revoked) return;
    await sql`update api_keys set revoked_at = now() where id = ${id}::uuid`.execute(db);
    await recordActivity(db, { actor: actor.name, action: 'api_key.revoked', subjectType: 'ApiKey', subjectId: id });
  });
  events.publish('keys', [[id, 0]]);
}
