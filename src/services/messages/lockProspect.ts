import { type Kysely, sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';

/** Locks whom a message is for: a prospect before its messages and drafts is the order in which everybody locks them. */
export async function lockProspect(db: Kysely<any>, channel: Channel, messageId: string): Promise<void> {
  const prospectOf = channel === Channel.EMAIL
    ? sql`select prospect_id from email_messages where id = ${messageId}::uuid`
    : sql`select s.prospect_id from social_messages as m join social_profiles as s on s.id = m.social_profile_id where m.id = ${messageId}::uuid`;
  await sql`select from prospects where id = (${prospectOf}) for no key update`.execute(db);
}
