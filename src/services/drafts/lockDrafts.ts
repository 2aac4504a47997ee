import { sql, type Kysely } from 'kysely';
import { Channel, DraftStatus, type Platform } from '../../domain/enums.ts';

/** States of a draft that is written down; NONE is what a prospect without one has. */
export type DraftState = Exclude<DraftStatus, DraftStatus.NONE>;

/** A draft with what it depends on of its prospect, all of it locked. */
export interface LockedDraft {
  id: string;
  channel: Channel;
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
  /** of the profile; null on the e-mail channel */
  platform: Platform | null;
}

/**
 * Locks drafts of one channel inside the caller's transaction, each after its prospect (and profile), and each kind in the
 * order of ids: whoever locks them too waits, and never for one another. What is read was committed after that.
 * @returns those that exist, by id
 */
export async function lockDrafts(db: Kysely<any>, channel: Channel, ids: readonly string[]): Promise<Map<string, LockedDraft>> {
  for (const lock of channel === Channel.EMAIL ? lockEmailTargets(ids) : lockSocialTargets(ids)) {
    await lock.execute(db);
  }
  const { rows } = await (channel === Channel.EMAIL ? readEmail(ids) : readSocial(ids)).execute(db);
  return new Map(rows.map((draft) => [draft.id, { ...draft, channel }]));
}

const lockEmailTargets = (ids: readonly string[]) => [
  sql`select id from prospects where id in (select prospect_id from email_drafts where id = any(${ids}::uuid[]))
    order by id for no key update`,
];

const lockSocialTargets = (ids: readonly string[]) => [
  sql`select id from prospects where id in (
      select profile.prospect_id from social_drafts as draft join social_profiles as profile on profile.id = draft.social_profile_id
      where draft.id = any(${ids}::uuid[])
    ) order by id for no key update`,
  sql`select id from social_profiles where id in (select social_profile_id from social_drafts where id = any(${ids}::uuid[]))
    order by id for no key update`,
];

type Row = Omit<LockedDraft, 'channel'>;

const shared = sql`d.id, d.status, d.version, d.body, d.fingerprint, d.recipient, d.problems, d.is_follow_up as "isFollowUp"`;

const readEmail = (ids: readonly string[]) => sql<Row>`
  select ${shared}, d.subject, p.id as "prospectId", p.id as "targetId", p.email as address, null as platform
  from email_drafts as d join prospects as p on p.id = d.prospect_id
  where d.id = any(${ids}::uuid[]) order by d.id for no key update of d`;

const readSocial = (ids: readonly string[]) => sql<Row>`
  select ${shared}, null as subject, s.prospect_id as "prospectId", s.id as "targetId", s.profile_url as address, s.platform
  from social_drafts as d join social_profiles as s on s.id = d.social_profile_id
  where d.id = any(${ids}::uuid[]) order by d.id for no key update of d`;
