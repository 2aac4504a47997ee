import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { suppressionHashes } from '../../domain/suppressionHash.ts';
import type { ServiceContext } from '../context.ts';
import { freshUuid } from '../freshUuid.ts';
import { retryTransient } from '../retryTransient.ts';
import { readSuppressed } from './excludeSuppressed.ts';
import { kindsInUse } from './findSuppressed.ts';
import { changeSuppressions } from './holdSuppressions.ts';
import { readValues, type Named } from './readValues.ts';
import { prospectsOf } from './suppressed.ts';
import { touched } from '../touched.ts';

/**
 * Takes a suppression back, by a person's decision only. Prospects that nothing else suppresses may be contacted again;
 * what was cancelled stays cancelled, and who was erased stays excluded.
 *
 * @throws {UserErrors} INVALID, NOT_FOUND when it is not suppressed, NOT_CONFIGURED
 */
export async function unsuppress({ em, actor, outreach }: ServiceContext, input: Named): Promise<{ readmittedCount: number }> {
  return retryTransient(() => em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await changeSuppressions(db);
    const values = await readValues(db, input);
    const hashes = values.flatMap(({ kind, value }) => suppressionHashes(outreach.secretKeys, kind, value));
    const { rows: lifted } = await sql`delete from suppressions where hash = any(${hashes}::text[]) returning id`.execute(db);
    if (lifted.length === 0) {
      throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'This is not suppressed.', field: ['input'] });
    }
    const candidates = await readSuppressed(db, outreach, sql`excluded_at is not null and erased_at is null and (${prospectsOf(values)})`, await kindsInUse(db));
    const ids = candidates.filter(({ match }) => match === null).map(({ id }) => id);
    const { rows } = await sql`
      with readmitted as (
        update prospects set ${touched()}, excluded_at = null where id = any(${ids}::uuid[]) returning id, stage
      )
      insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state)
      select ${freshUuid}, ${actor.name}, 'prospect.readmitted', 'Prospect', id, 'excluded', stage::text from readmitted
      returning id`.execute(db);
    return { readmittedCount: rows.length };
  }));
}
