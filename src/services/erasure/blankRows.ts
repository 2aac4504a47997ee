import { type Kysely, sql } from 'kysely';
import { touched } from '../touched.ts';
import { blankOutcomes } from './blankOutcomes.ts';

/** An address of nothing (RFC 2606), where a column wants one. */
const nowhere = 'https://erased.invalid/';

/**
 * Takes all that is personal out of the rows of a prospect; the rows themselves, their states and dates stay.
 * @param addresses where mails to them went, or theirs came from
 */
export async function blankRows(db: Kysely<any>, prospectId: string, addresses: readonly string[]): Promise<void> {
  const id = sql`${prospectId}::uuid`;
  // Qualified: a column that is lost may not become that of the table around it.
  const profiles = sql`select social_profiles.id from social_profiles where social_profiles.prospect_id = ${id}`;
  const emailDrafts = sql`select email_drafts.id from email_drafts where email_drafts.prospect_id = ${id}`;
  const socialDrafts = sql`select social_drafts.id from social_drafts where social_drafts.social_profile_id in (${profiles})`;
  const draft = sql`body = '', recipient = null, review_reason = null, problems = '{}', fingerprint = 'erased',
    approved_fingerprint = case when approved_fingerprint is not null then 'erased' end`;
  const message = sql`body = '', recipient = '', fingerprint = null, error = null, response = null, blocked_by = null`;

  await sql`
    update inbound_messages set raw = '', sender = null, subject = null, excerpt = null, details = '{}'
    where prospect_id = ${id} or sender = any(${addresses}::text[])
      or email_message_id in (select email_messages.id from email_messages where email_messages.prospect_id = ${id})`.execute(db);
  await sql`delete from email_draft_versions where draft_id in (${emailDrafts})`.execute(db);
  await sql`delete from social_draft_versions where draft_id in (${socialDrafts})`.execute(db);
  await sql`update email_drafts set subject = '', ${draft} where prospect_id = ${id}`.execute(db);
  await sql`update social_drafts set ${draft} where social_profile_id in (${profiles})`.execute(db);
  await sql`update email_messages set subject = '', ${message} where prospect_id = ${id}`.execute(db);
  await sql`update social_messages set ${message} where social_profile_id in (${profiles})`.execute(db);
  await blankOutcomes(db, sql`target_id = ${id} or target_id in (${profiles})`);
  await sql`
    update social_profiles set canonical_key = 'erased:' || gen_random_uuid(), username = 'erased', display_name = null, profile_url = ${nowhere},
      bio_text = null, external_links = '[]', follower_count = null, engagement_rate = null, scraped_at = null
    where prospect_id = ${id}`.execute(db);
  await sql`
    update prospects set ${touched()}, canonical_key = 'erased:' || gen_random_uuid(), display_name = 'Erased', profile_url = null, username = null, email = null,
      email_blocked = false, bio_text = null, external_links = '[]', follower_count = null, engagement_rate = null, tags = '{}', scraped_at = null,
      review_reason = null, draft_subject = null, draft_body = null, erased_at = now()
    where id = ${id}`.execute(db);
}
