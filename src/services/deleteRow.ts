import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import type { ServiceContext } from './context.ts';
import { recordActivity } from './recordActivity.ts';

const kinds = {
  Template: { table: 'templates', called: 'template' },
  SavedFilter: { table: 'saved_filters', called: 'saved filter' },
  Webhook: { table: 'webhooks', called: 'webhook' },
} as const;

/** Deletes what a person has set up, with its activity. @throws {UserErrors} NOT_FOUND */
export async function deleteRow({ em, actor }: ServiceContext, type: keyof typeof kinds, id: string): Promise<void> {
  const { table, called } = kinds[type];
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql`delete from ${sql.id(table)} where id = ${id}::uuid returning id`.execute(db);
    if (rows.length === 0) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: `There is no such ${called}.`, field: ['input', 'id'] });
    await recordActivity(db, { actor: actor.name, action: `${called.replace(' ', '_')}.deleted`, subjectType: type, subjectId: id });
  });
}
