import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';

export interface NewActivity {
  actor: string;
  /** such as `template.created` */
  action: string;
  subjectType: string;
  /** uuid */
  subjectId: string;
  /** states of the subject, before and after */
  from?: string;
  to?: string;
  /** no personal data */
  details?: { [name: string]: unknown } | undefined;
}

/** Who did what to what, in the transaction that does it. */
export async function recordActivity(db: Kysely<any>, { actor, action, subjectType, subjectId, from, to, details = {} }: NewActivity): Promise<void> {
  await sql`
    insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state, details)
    values (${uuidv7()}::uuid, ${actor}, ${action}, ${subjectType}, ${subjectId}::uuid, ${from ?? null}, ${to ?? null}, ${JSON.stringify(details)}::jsonb)`.execute(db);
}
