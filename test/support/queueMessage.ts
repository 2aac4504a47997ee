import { randomUUID } from 'node:crypto';
import type pg from 'pg';

export interface QueuedMessage {
  prospect: string;
  /** null on the e-mail channel */
  profile: string | null;
  draft: string;
  message: string;
  job: string;
}

interface Wanted {
  channel?: 'email' | 'social';
  /** `queued` unless told; whatever it is, its chunk waits until somebody ends it */
  status?: 'queued' | 'deferred' | 'sending' | 'sent' | 'outcome_unknown' | 'failed' | 'cancelled' | 'bounced' | 'replied' | 'complained';
  isFollowUp?: boolean;
  /** another one for the same prospect */
  prospect?: string;
  /** one more message of this job */
  job?: string;
}

type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** An approved prospect with an approved draft and its message, in a running SEND job of which it is a chunk. */
export async function queueMessage(query: Query, { channel = 'email', status = 'queued', isFollowUp = false, ...known }: Wanted = {}): Promise<QueuedMessage> {
  const [draft, message] = [randomUUID(), randomUUID()];
  const prospect = known.prospect ?? randomUUID();
  const job = known.job ?? randomUUID();
  const name = message.slice(0, 8);
  const address = channel === 'email' ? `${name}@example.org` : `https://github.com/${name}`;
  const values = [prospect, name];
  if (!known.prospect) {
    await query(
      `insert into prospects (id, canonical_key, display_name, email, review_status, draft_status) values ($1, 'example.org/' || $2, $2, $2 || '@example.org', 'approved', $3::draft_status)`,
      [...values, channel === 'email' ? 'approved' : 'none'],
    );
  }
  if (!known.job) {
    await query(`insert into jobs (id, job_type, status, sequence, started_at, parameters) values ($1, 'send', 'running', 1, now(), $2)`, [job, JSON.stringify({ channel })]);
  }
  const [{ number }] = (await query<{ number: number }>(
    `insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids) select $1, count(*) + 1, count(*) + 1, 1, array[$2::uuid] from job_chunks where job_id = $1 returning number`,
    [job, message],
  )) as [{ number: number }];
  await query('update jobs set total_targets = $2 where id = $1', [job, number]);
  const sentAt = ['sent', 'bounced', 'replied', 'complained'].includes(status) ? new Date() : null;
  const common = [draft, message, job, number, status, isFollowUp, address, sentAt];
  let profile: string | null = null;
  if (channel === 'email') {
    await query(
      `insert into email_drafts (id, prospect_id, subject, body, status, fingerprint, approved_fingerprint, is_follow_up, recipient) values ($1, $2, 'Hello', 'Text', 'approved', 'f', 'f', $3, $4)`,
      [draft, prospect, isFollowUp, address],
    );
    await query(
      `insert into email_messages (draft_id, id, job_id, chunk, status, is_follow_up, recipient, sent_at, prospect_id, subject, body, fingerprint, message_id)
       values ($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, 'Hello', 'Text', 'f', '<' || $2::uuid || '@example.org>')`,
      [...common, prospect],
    );
  } else {
    profile = randomUUID();
    await query(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, draft_status) values ($1, $2, 'github.com/' || $3, 'github', $3, $4, 'approved')`,
      [profile, ...values, address],
    );
    await query(
      `insert into social_drafts (id, social_profile_id, body, status, fingerprint, approved_fingerprint, is_follow_up, recipient) values ($1, $2, 'Text', 'approved', 'f', 'f', $3, $4)`,
      [draft, profile, isFollowUp, address],
    );
    await query(
      `insert into social_messages (draft_id, id, job_id, chunk, status, is_follow_up, recipient, sent_at, social_profile_id, body, fingerprint) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'Text', 'f')`,
      [...common, profile],
    );
  }
  return { prospect, profile, draft, message, job };
}
