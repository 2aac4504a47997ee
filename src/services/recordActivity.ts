import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';

export interface ProspectActivity {
  actor: string;
  /** such as `prospect.created` */
  action: string;
  /** uuid */
  prospectId: string;
}

/** Who did what to one prospect, in the transaction that does it. */
export async function recordActivity(db: Kysely<unknown>, { actor, action, prospectId }: ProspectActivity): Promise<void> {
  await sql`insert into activities (id, actor, action, subject_type, subject_id)
    values (${uuidv7()}::uuid, ${actor}, ${action}, 'Prospect', ${prospectId}::uuid)`.execute(db);
}
