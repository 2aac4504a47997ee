import type { Client } from 'pg';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { queueMessage } from '../../support/queueMessage.ts';

/** Rows for one round of every operation; uuids. */
export interface Fixtures {
  edited: string;
  editedAt: string;
  deleted: string;
  pending: string;
  rejected: string;
  approved: string;
  reachable: string;
  profile: string;
  emailDraft: string;
  rewritten: string;
  approvable: string;
  socialDraft: string;
  batch: string;
  readJob: string;
  pausable: string;
  resumable: string;
  cancellable: string;
  retried: string;
  /** e-mail messages, each with an approved draft of a prospect of its own */
  withdrawn: string;
  byHand: string;
  undecided: string;
  answered: string;
  /** social */
  note: string;
}

/** Makes them as the owner of a sound schema, so that nothing of what is tried is needed for it. */
export async function makeFixtures(owner: Client): Promise<Fixtures> {
  const { rows } = await owner.query<Fixtures>(`
    with prospect as (
      insert into prospects (id, canonical_key, display_name, profile_url, username, email, bio_text, tags, follower_count, review_status, review_batch, draft_status, source_job_id)
      select gen_random_uuid(), 'https://example.org/' || gen_random_uuid(), role, 'https://example.org/' || gen_random_uuid(), 'user', role || '@example.org', 'bio', '{all}', 7,
        case when role in ('approved', 'reachable', 'rewritten', 'approvable') then 'approved' when role = 'rejected' then 'rejected' else 'pending' end::review_status,
        case when role = 'rejected' then gen_random_uuid() end, 'none', null
      from unnest('{edited,deleted,pending,rejected,approved,reachable,shown,rewritten,approvable}'::text[]) as role
      returning id, display_name as role, updated_at, review_batch
    ), profile as (
      insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, bio_text, follower_count)
      select gen_random_uuid(), id, 'github.com/' || id, 'github', 'user', 'Name', 'https://github.com/' || id, 'bio', 7 from prospect where role in ('reachable', 'shown', 'deleted')
      returning id, prospect_id
    ), job as (
      insert into jobs (id, job_type, status, total_targets, failed_count, outcome_counts, failure_reasons, parameters, started_at, finished_at, created_by)
      select gen_random_uuid(), 'draft', status, 1, 1, '{"failed": 1}', '[{"code": "GONE", "message": "gone", "count": 1}]',
        '{"channel": "email", "subject": "For {{ displayName }}", "body": "Hello {{ displayName }}"}', now(),
        case when status = 'completed_with_errors' then now() end, 'somebody'
      from unnest('{running,paused,pending,completed_with_errors}'::job_status[]) as status
      returning id, status
    ), again as (
      insert into jobs (id, job_type, status, total_targets, retry_of_id, parameters) select gen_random_uuid(), 'draft', 'running', 1, id, '{}' from job where status = 'completed_with_errors' returning id
    ), target as (
      insert into job_targets (job_id, ordinal, target_id, outcome, code, message, line, column_name, value)
      select job.id, 1, prospect.id, 'failed', 'GONE', 'gone', 3, 'name', 'x' from job, prospect where role = 'approved'
    ), mail as (
      insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint, recipient)
      select gen_random_uuid(), prospect.id, again.id, 'For you', 'Hello', 'f', role || '@example.org' from prospect, again where role in ('shown', 'deleted', 'rewritten', 'approvable') returning id, prospect_id
    ), social as (
      insert into social_drafts (id, social_profile_id, job_id, body, fingerprint, recipient)
      select gen_random_uuid(), profile.id, again.id, 'Hello', 'f', 'x' from again, profile join prospect on prospect.id = prospect_id where role = 'shown' returning id
    ), chunk as (
      insert into job_chunks (job_id, number, first_ordinal, target_count) select id, 1, 1, 1 from job where status in ('pending', 'running', 'paused')
    )
    select jsonb_object_agg(role, id) || jsonb_build_object(
      'editedAt', max(updated_at) filter (where role = 'edited'),
      'batch', (array_agg(review_batch) filter (where role = 'rejected'))[1],
      'profile', (select profile.id from profile join prospect on prospect.id = prospect_id where role = 'shown'),
      'emailDraft', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'shown'), 'socialDraft', (select id from social),
      'rewritten', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'rewritten'),
      'approvable', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'approvable'),
      'readJob', (select id from again), 'pausable', (select id from job where status = 'running'), 'resumable', (select id from job where status = 'paused'),
      'cancellable', (select id from job where status = 'pending'), 'retried', (select id from job where status = 'completed_with_errors')
    ) as made from prospect`).then((answer) => ({ rows: answer.rows.map((row: any) => row.made as Fixtures) }));
  return { ...rows[0]!, ...(await makeMessages(owner)) };
}

async function makeMessages(owner: Client): Promise<Pick<Fixtures, 'withdrawn' | 'byHand' | 'undecided' | 'answered' | 'note'>> {
  const make = async (wanted: Parameters<typeof queueMessage>[1]) => (await queueMessage(async (text, values) => (await owner.query<any>(text, values)).rows, wanted)).message;
  // Nobody has answered these: they are due for a follow-up.
  await make({ status: 'sent' });
  await make({ status: 'sent', channel: 'social' });
  return {
    withdrawn: await make({}), byHand: await make({}), undecided: await make({ status: 'outcome_unknown' }), answered: await make({ status: 'sent' }),
    note: await make({ channel: 'social' }),
  };
}

export const ids = {
  prospect: (uuid: string) => toGlobalId('Prospect', uuid),
  profile: (uuid: string) => toGlobalId('SocialProfile', uuid),
  draft: (uuid: string) => toGlobalId('Draft', uuid),
  message: (uuid: string) => toGlobalId('Message', uuid),
  job: (uuid: string) => toGlobalId('Job', uuid),
  failure: (uuid: string) => toGlobalId('JobFailure', `${uuid}.1`),
};
