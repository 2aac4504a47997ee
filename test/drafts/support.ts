import { randomUUID } from 'node:crypto';
import { Channel, DraftStatus } from '../../src/domain/enums.ts';
import type { UserError } from '../../src/domain/errors.ts';
import { UserErrors } from '../../src/domain/errors.ts';
import { draftFingerprint } from '../../src/domain/fingerprint.ts';
import type { JobBench } from '../jobs/support.ts';

/** What a test asks the database with. */
type Asker = Pick<JobBench, 'query'>;

export const channels = Object.values(Channel);

export interface TestDraft {
  id: string;
  channel: Channel;
  prospectId: string;
  /** the prospect, or the profile */
  targetId: string;
  recipient: string;
  fingerprint: string;
}

export interface DraftText {
  subject?: string;
  body?: string;
  status?: DraftStatus;
  isFollowUp?: boolean;
  problems?: string[];
  /** that has one already */
  of?: TestDraft;
}

/** A draft for an approved prospect of its own (with a profile, on the social channel), with its projection. */
export async function addDraft(bench: Asker, channel: Channel, text: DraftText = {}): Promise<TestDraft> {
  const { subject = 'Hello', body = 'Hello Ada, shall we talk?', status = DraftStatus.PENDING_REVIEW, isFollowUp = false, problems = [] } = text;
  const { prospectId, targetId, recipient } = text.of ?? (await addTarget(bench, channel));
  const isEmail = channel === Channel.EMAIL;
  const fingerprint = draftFingerprint({ channel, recipient, subject: isEmail ? subject : null, body });
  const approved = status === DraftStatus.APPROVED || status === DraftStatus.SENT ? fingerprint : null;
  const id = randomUUID();
  await bench.query(
    isEmail
      ? `insert into email_drafts (id, prospect_id, body, status, fingerprint, approved_fingerprint, recipient, is_follow_up, problems, subject)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
      : `insert into social_drafts (id, social_profile_id, body, status, fingerprint, approved_fingerprint, recipient, is_follow_up, problems)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, targetId, body, status, fingerprint, approved, recipient, isFollowUp, problems, ...(isEmail ? [subject] : [])],
  );
  if (!isFollowUp) {
    await bench.query(`update ${isEmail ? 'prospects' : 'social_profiles'} set draft_status = $2 where id = $1`, [targetId, status]);
  }
  return { id, channel, prospectId, targetId, recipient, fingerprint };
}

async function addTarget(bench: Asker, channel: Channel): Promise<Pick<TestDraft, 'prospectId' | 'targetId' | 'recipient'>> {
  const prospectId = randomUUID();
  const email = `${prospectId}@example.org`;
  await bench.query(
    `insert into prospects (id, canonical_key, profile_url, display_name, email, review_status) values ($1, $2, $2, 'Ada', $3, 'approved')`,
    [prospectId, `https://example.org/${prospectId}`, email],
  );
  if (channel === Channel.EMAIL) return { prospectId, targetId: prospectId, recipient: email };
  const targetId = randomUUID();
  const recipient = `https://bsky.app/profile/${targetId}.example.org`;
  await bench.query(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url) values ($1, $2, $3, 'bluesky', 'ada', $3)`,
    [targetId, prospectId, recipient],
  );
  return { prospectId, targetId, recipient };
}

export interface DraftRow {
  status: DraftStatus;
  version: number;
  subject: string | null;
  body: string;
  fingerprint: string;
  approved_fingerprint: string | null;
  recipient: string | null;
  review_reason: string | null;
  problems: string[];
}

export async function readDraft(bench: Asker, { id, channel }: TestDraft): Promise<DraftRow> {
  const [row] = await bench.query<DraftRow & { id: string }>(`select * from ${channel}_drafts where id = $1`, [id]);
  return row!;
}

/** `draft_status` of the prospect or the profile. */
export async function readProjection(bench: Asker, { channel, targetId }: TestDraft): Promise<DraftStatus> {
  const table = channel === Channel.EMAIL ? 'prospects' : 'social_profiles';
  const [row] = await bench.query<{ draft_status: DraftStatus }>(`select draft_status from ${table} where id = $1`, [targetId]);
  return row!.draft_status;
}

/** The activities of a draft, oldest first. */
export async function activitiesOf(bench: Asker, { id }: TestDraft): Promise<{ action: string; from_state: string | null; to_state: string | null; details: object }[]> {
  return bench.query(`select action, from_state, to_state, details, actor from activities where subject_type = 'Draft' and subject_id = $1 order by created_at, id`, [id]);
}

/** A message with the text of a draft, in this state. */
export async function addMessage(bench: Asker, { id, channel, targetId, recipient, fingerprint }: TestDraft, status: string): Promise<string> {
  const messageId = randomUUID();
  await bench.query(
    channel === Channel.EMAIL
      ? `insert into email_messages (id, prospect_id, draft_id, subject, body, recipient, fingerprint, status, message_id) values ($1::uuid, $2, $3, 'Hello', 'Hello', $4, $5, $6, $1::uuid::text)`
      : `insert into social_messages (id, social_profile_id, draft_id, body, recipient, fingerprint, status) values ($1, $2, $3, 'Hello', $4, $5, $6)`,
    [messageId, targetId, id, recipient, fingerprint, status],
  );
  return messageId;
}

/** The first userError that a service answers with. */
export async function refusalOf(call: Promise<unknown>): Promise<UserError> {
  const error: unknown = await call.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof UserErrors)) throw error ?? new Error('It was not refused.');
  return error.errors[0]!;
}
