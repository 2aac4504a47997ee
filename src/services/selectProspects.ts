import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { prospectConditions, type ProspectFilter } from '../entities/prospectFilter.ts';

/** `prospectIds` or `filter`, exactly one of them. */
export interface ProspectSelection {
  /** uuids, 1,000 at most */
  prospectIds?: readonly string[] | null;
  filter?: ProspectFilter | null;
  /** required with `filter` */
  expectedCount?: number | null;
}

const mostIds = 1_000;

/** The condition on `prospects` that a caller's selection is. @throws {UserErrors} INVALID */
export function selectProspects({ prospectIds, filter, expectedCount }: ProspectSelection): RawBuilder<SqlBool> {
  const invalid = (message: string, ...field: string[]) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', ...field] });
  if (Boolean(prospectIds) === Boolean(filter)) throw invalid('Give ids or a filter: exactly one of them.');
  if (prospectIds) {
    if (prospectIds.length > mostIds) throw invalid(`At most ${mostIds} ids are taken at once; use a filter for more.`, 'ids');
    return sql<SqlBool>`prospects.id = any(${[...prospectIds]}::uuid[])`;
  }
  if (expectedCount == null) throw invalid('With a filter give expectedCount, the number of prospects that you saw.', 'expectedCount');
  return sql.join([sql<SqlBool>`true`, ...prospectConditions(filter as ProspectFilter)], sql` and `);
}

/**
 * Call it with the number of rows that were selected and locked: the transaction rolls back when they are other than those
 * that were seen.
 * @throws {UserErrors} STALE
 */
export function checkSelected({ filter, expectedCount }: ProspectSelection, selected: number): void {
  if (filter && selected !== expectedCount) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: `${selected} prospects are selected now, not ${expectedCount}: look again, then decide.`,
      field: ['input', 'expectedCount'],
    });
  }
}

/** Those of the ids that name no prospect. */
export async function findMissing(db: Kysely<unknown>, ids: readonly string[] | null | undefined): Promise<string[]> {
  if (!ids) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct wanted.id from unnest(${[...ids]}::uuid[]) as wanted (id)
    where not exists (select from prospects where prospects.id = wanted.id)`.execute(db);
  return rows.map(({ id }) => id);
}
