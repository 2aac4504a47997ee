import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { textProblemWithin } from '../../domain/text.ts';
import type { ServiceContext } from '../context.ts';
import { nameTaken, readName } from '../names.ts';
import { recordActivity } from '../recordActivity.ts';

export interface SaveFilter {
  name: string;
  /** a ProspectFilter in the API's spelling */
  filter: { [field: string]: unknown };
  /** whether one with this name may be overwritten */
  replace?: boolean;
}

/**
 * @returns the uuid of the saved filter
 * @throws {UserErrors} INVALID; CONFLICT when there is one with this name that shall not be replaced
 */
export async function saveFilter({ em, actor }: ServiceContext, { filter, replace = false, ...input }: SaveFilter): Promise<string> {
  const name = readName(input.name);
  const problem = textProblemWithin(filter);
  if (problem) throw new UserErrors({ code: UserErrorCode.INVALID, message: `The filter ${problem}.`, field: ['input', 'filter'] });
  return em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql<{ id: string }>`
      insert into saved_filters (id, name, filter, created_by)
      values (${uuidv7()}::uuid, ${name}, ${JSON.stringify(filter)}::jsonb, ${actor.name})
      on conflict (name) do update set filter = excluded.filter where ${replace}
      returning id`.execute(db);
    if (!rows[0]) throw nameTaken('saved filter', await idOf(db, name));
    await recordActivity(db, { actor: actor.name, action: 'saved_filter.saved', subjectType: 'SavedFilter', subjectId: rows[0].id });
    return rows[0].id;
  });
}

async function idOf(db: Kysely<any>, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select id from saved_filters where name = ${name}`.execute(db);
  return rows[0] && toGlobalId('SavedFilter', rows[0].id);
}
