import { randomUUID } from 'node:crypto';
import { Channel } from '../../src/domain/enums.ts';
import { followUp, type FollowUp } from '../../src/services/followUps/followUp.ts';
import { JobBench, type JobRow } from '../jobs/support.ts';

export interface Contact {
  prospectId: string;
  /** the prospect, or on the social channel the profile */
  targetId: string;
}

export interface SentMessage {
  daysAgo?: number;
  status?: string;
  isFollowUp?: boolean;
  subject?: string;
  recipient?: string;
}

/** People who were written to on one channel, and their follow-ups. */
export class FollowUpBench {
  readonly #of: { targets: string; drafts: string; messages: string; target: string };

  private constructor(readonly jobs: JobBench, readonly channel: Channel) {
    this.#of = channel === Channel.EMAIL
      ? { targets: 'prospects', drafts: 'email_drafts', messages: 'email_messages', target: 'prospect_id' }
      : { targets: 'social_profiles', drafts: 'social_drafts', messages: 'social_messages', target: 'social_profile_id' };
  }

  static async open(channel: Channel): Promise<FollowUpBench> {
    return new FollowUpBench(await JobBench.open(), channel);
  }

  close(): Promise<void> {
    return this.jobs.close();
  }

  async reset(): Promise<void> {
    await this.#truncate().catch((error: { code?: string }) => {
      // A worker was in the middle of what the last test left.
      if (error.code === '40P01') return this.reset();
      throw error;
    });
  }

  async #truncate(): Promise<void> {
    await this.jobs.query('truncate prospects, social_profiles, email_drafts, social_drafts, email_messages, social_messages, jobs, settings, suppressions, idempotency_keys cascade');
  }

  /** Somebody who was written to five days ago, unless told. */
  async contact(message: SentMessage = {}): Promise<Contact> {
    const [prospectId] = await this.jobs.addProspects(1);
    const contact = { prospectId: prospectId!, targetId: this.channel === Channel.EMAIL ? prospectId! : await this.#addProfile(prospectId!) };
    await this.sent(contact, message);
    await this.jobs.query('update prospects set sent_at = now() where id = $1', [prospectId]);
    return contact;
  }

  async #addProfile(prospectId: string): Promise<string> {
    const [row] = await this.jobs.query<{ id: string }>(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url)
       values (gen_random_uuid(), $1::uuid, 'bsky.app/' || $1, 'bluesky', 'ada', 'https://bsky.app/profile/' || $1) returning id`,
      [prospectId],
    );
    return row!.id;
  }

  /** A message with its draft. */
  async sent({ targetId }: Contact, { daysAgo = 5, status = 'sent', isFollowUp = false, subject = 'First words', recipient }: SentMessage = {}): Promise<void> {
    const { targets, drafts, messages, target } = this.#of;
    const draftId = randomUUID();
    const isMail = this.channel === Channel.EMAIL;
    const address = isMail ? 'email' : 'profile_url';
    await this.jobs.query(
      `insert into ${drafts} (id, ${target}, ${isMail ? 'subject,' : ''} body, status, fingerprint, approved_fingerprint, is_follow_up)
       values ($1, $2, ${isMail ? `'S',` : ''} 'B', 'sent', 'f', 'f', $3)`,
      [draftId, targetId, isFollowUp],
    );
    await this.jobs.query(
      `insert into ${messages} (id, ${target}, draft_id, ${isMail ? 'subject, message_id,' : ''} body, recipient, status, is_follow_up, sent_at)
       select gen_random_uuid(), t.id, $1::uuid, ${isMail ? `$6, $1::text || '@example.org',` : ''} 'B', coalesce($5, t.${address}), $2::message_status, $3,
         case when $2::text not in ('queued', 'sending', 'deferred') then now() - make_interval(secs => $4) end
       from ${targets} as t where t.id = ${isMail ? '$7' : '$6'}`,
      [draftId, status, isFollowUp, daysAgo * 86_400, recipient ?? null, ...(isMail ? [subject] : []), targetId],
    );
  }

  async start(input: Partial<FollowUp> = {}): Promise<string> {
    const { jobId } = await followUp(this.jobs.context, { channel: this.channel, bodyTemplate: 'Once more, {{ displayName }}.', ...input });
    return jobId;
  }

  ended(jobId: string): Promise<JobRow> {
    return this.jobs.jobIn(jobId, 'succeeded', 'completed_with_errors', 'failed', 'cancelled');
  }

  /** Runs one job to its end; a worker is there. */
  async run(input: Partial<FollowUp> = {}): Promise<JobRow> {
    return this.ended(await this.start(input));
  }

  followUps(): Promise<{ id: string; target: string; subject?: string; body: string; recipient: string; status: string; job_id: string }[]> {
    const { drafts, target } = this.#of;
    return this.jobs.query(`select *, ${target} as target from ${drafts} where is_follow_up and job_id is not null order by created_at, id`);
  }

  /** What became of the targets of a job. */
  outcomes(jobId: string): Promise<{ outcome: string; code: string | null }[]> {
    return this.jobs.query('select outcome, code from job_targets where job_id = $1 order by ordinal', [jobId]);
  }
}
