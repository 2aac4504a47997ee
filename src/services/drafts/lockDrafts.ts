import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Channel, DraftStatus, type Platform } from '../../domain/enums.ts';
import { unreachable } from './draftChannel.ts';
import type { DraftRef } from './findDrafts.ts';

/** States of a draft that is written down; NONE is what a prospect without one has. */
export type DraftState = Exclude<DraftStatus, DraftStatus.NONE>;

/** A draft with what it depends on of its prospect, all of it locked. */
export interface LockedDraft extends DraftRef {
  status: DraftState;
  version: number;
  /** null on the social channel */
  subject: string | null;
  body: string;
  fingerprint: string;
  /** to whom it was written */
  recipient: string | null;
  problems: string[];
  isFollowUp: boolean;
  prospectId: string;
  /** the prospect, or on the social channel the profile */
  targetId: string;
  /** where the target can be reached now */
  address: string | null;
  /** why the target must not be written to, as a code of `obstacles` */
  obstacle: string | null;
  /** of the profile; null on the e-mail channel */
  platform: Platform | null;
}

/**
 * Locks drafts inside the caller's transaction: all their prospects, then the profiles, then the drafts, each in the order
 * of ids, so that two who do so wait for one another only in one direction. What is read was committed after that.
 * @returns those that exist, by id
 */
export async function lockDrafts(db: Kysely<any>, refs: readonly DraftRef[]): Promise<Map<string, LockedDraft>> {
  const idsOf = (channel: Channel) => refs.filter((ref) => ref.channel === channel).map(({ id }) => id);
  const [email, social] = [idsOf(Channel.EMAIL), idsOf(Channel.SOCIAL)];
  await lockProspects(db, email, social);
  const drafts = [...(email.length > 0 ? await lockEmailDrafts(db, email) : []), ...(social.length > 0 ? await lockSocialDrafts(db, social) : [])];
  return new Map(drafts.map((draft) => [draft.id, draft]));
}

/** Names no table of a channel that is not asked for: without it the other one works. */
async function lockProspects(db: Kysely<any>, email: readonly string[], social: readonly string[]): Promise<void> {
  const prospects: RawBuilder<unknown>[] = [];
  if (email.length > 0) {
    prospects.push(sql`select prospect_id from email_drafts where id = any(${email}::uuid[])`);
  }
  if (social.length > 0) {
    prospects.push(sql`
      select profile.prospect_id from social_drafts as draft join social_profiles as profile on profile.id = draft.social_profile_id
      where draft.id = any(${social}::uuid[])`);
  }
  if (prospects.length > 0) {
    await sql`select id from prospects where id in (${sql.join(prospects, sql` union `)}) order by id for no key update`.execute(db);
  }
}

const shared = sql`d.id, d.status, d.version, d.body, d.fingerprint, d.recipient, d.problems, d.is_follow_up as "isFollowUp", p.id as "prospectId"`;

async function lockEmailDrafts(db: Kysely<any>, ids: readonly string[]): Promise<LockedDraft[]> {
  const { rows } = await sql<LockedDraft>`
    select ${Channel.EMAIL} as channel, ${shared}, d.subject, p.id as "targetId", p.email as address, null as platform,
      case ${unreachable[Channel.EMAIL]} end as obstacle
    from email_drafts as d join prospects as p on p.id = d.prospect_id
    where d.id = any(${ids}::uuid[]) order by d.id for no key update of d`.execute(db);
  return rows;
}

async function lockSocialDrafts(db: Kysely<any>, ids: readonly string[]): Promise<LockedDraft[]> {
  await sql`
    select id from social_profiles where id in (select social_profile_id from social_drafts where id = any(${ids}::uuid[]))
    order by id for no key update`.execute(db);
  const { rows } = await sql<LockedDraft>`
    select ${Channel.SOCIAL} as channel, ${shared}, null as subject, s.id as "targetId", s.profile_url as address, s.platform,
      case ${unreachable[Channel.SOCIAL]} end as obstacle
    from social_drafts as d join social_profiles as s on s.id = d.social_profile_id join prospects as p on p.id = s.prospect_id
    where d.id = any(${ids}::uuid[]) order by d.id for no key update of d`.execute(db);
  return rows;
}
