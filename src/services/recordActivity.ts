import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';

export interface NewActivity {
  actor: string;
  /** such as `template.created` */
  action: string;
  subjectType: string;
  /** uuid */
  subjectId: string;
  /** no personal data */
  details?: { [name: string]: unknown };
}

/** Who did what to what, in the transaction that does it. */
export async function insertActivity(db: Kysely<any>, { actor, action, subjectType, subjectId, details = {} }: NewActivity): Promise<void> {
  await sql`insert into activities (id, actor, action, subject_type, subject_id, details)
    values (${uuidv7()}::uuid, ${actor}, ${action}, ${subjectType}, ${subjectId}::uuid, ${JSON.stringify(details)}::jsonb)`.execute(db);
}

export interface ProspectActivity {
  actor: string;
  /** such as `prospect.created` */
  action: string;
  /** uuid */
  prospectId: string;
}

/** The same of one prospect. */
export async function recordActivity(db: Kysely<any>, { prospectId, ...activity }: ProspectActivity): Promise<void> {
  await insertActivity(db, { ...activity, subjectType: 'Prospect', subjectId: prospectId });
}
