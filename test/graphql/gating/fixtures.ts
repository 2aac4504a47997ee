import type { Client } from 'pg';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { SuppressionKind } from '../../../src/domain/enums.ts';
import { suppressionHashes } from '../../../src/domain/suppressionHash.ts';
import { outreachOf } from '../../support/outreach.ts';
import { queueMessage } from '../../support/queueMessage.ts';

/** A suppressed address. */
export const liftable = 'lifted@example.net';

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
  heard: string;
  template: string;
  templateAt: string;
  savedFilter: string;
  webhook: string;
  delivery: string;
  apiKey: string;
  /** social */
  note: string;
  /** prospects */
  unwanted: string;
  erasable: string;
}

/** Makes them as the owner of a sound schema, so that nothing of what is tried is needed for it. */
export async function makeFixtures(owner: Client): Promise<Fixtures> {
  const { rows } = await owner.query<Fixtures>(`
    with prospect as (
      insert into prospects (id, canonical_key, display_name, profile_url, username, email, bio_text, tags, follower_count, review_status, review_batch, draft_status, source_job_id)
      select gen_random_uuid(), 'https://example.org/' || gen_random_uuid(), role, 'https://example.org/' || gen_random_uuid(), 'user', case when role in ('unwanted', 'erasable') then role || gen_random_uuid() else role end || '@example.org', 'bio', '{all}', 7,
        case when role in ('approved', 'reachable', 'rewritten', 'approvable') then 'approved' when role = 'rejected' then 'rejected' else 'pending' end::review_status,
        case when role = 'rejected' then gen_random_uuid() end, 'none', null
      from unnest('{edited,deleted,pending,rejected,approved,reachable,shown,rewritten,approvable,unwanted,erasable}'::text[]) as role
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
    ), activity as (
      insert into activities (id, actor, action, subject_type, subject_id) select gen_random_uuid(), 'somebody', 'prospect.created', 'Prospect', id from prospect where role = 'shown'
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
  await makeSuppressions(owner);
  await makeSearch(owner, rows[0]!.readJob);
  return { ...rows[0]!, ...(await makeMessages(owner)), ...(await makeSetUp(owner)) };
}

/** A search that a job ran, and what it asked for. */
async function makeSearch(owner: Client, jobId: string): Promise<void> {
  await owner.query(
    `with search as (
      insert into discovery_queries (id, platform, query, filters, created_by) values (gen_random_uuid(), 'website', 'acme.example', '{}', 'somebody') returning id
    ), request as (
      insert into scraper_history (id, discovery_query_id, job_id, url, http_status) select gen_random_uuid(), id, $1::uuid, 'https://acme.example/', 200 from search
    )
    update jobs set parameters = parameters || jsonb_build_object('discoveryQueryId', search.id) from search where jobs.id = $1::uuid`,
    [jobId],
  );
}

/** One of somebody who is nobody else here, and a prospect that it keeps out. */
async function makeSuppressions(owner: Client): Promise<void> {
  const [hash] = suppressionHashes(outreachOf().secretKeys, SuppressionKind.EMAIL, liftable);
  await owner.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'email', $1, 'asked') on conflict do nothing`, [hash]);
  await owner.query(`insert into prospects (id, canonical_key, display_name, email, excluded_at) values (gen_random_uuid(), $1, 'Lifted', $1, now()) on conflict (canonical_key) do update set excluded_at = now()`, [liftable]);
}

/** What administrators set up. */
async function makeSetUp(owner: Client): Promise<Pick<Fixtures, 'template' | 'templateAt' | 'savedFilter' | 'webhook' | 'delivery' | 'apiKey'>> {
  const { rows } = await owner.query(`
    with template as (
      insert into templates (id, name, channel, subject, body) select gen_random_uuid(), gen_random_uuid()::text, 'email', 'Hello', 'Hello {{ displayName }}' returning id, updated_at
    ), filter as (
      insert into saved_filters (id, name, filter) select gen_random_uuid(), gen_random_uuid()::text, '{}' returning id
    ), webhook as (
      insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'http://127.0.0.1:9/', '{message.sent}', 'a secret of its own') returning id
    ), delivery as (
      insert into webhook_deliveries (id, webhook_id, event_id, event, payload, state) select gen_random_uuid(), id, gen_random_uuid(), 'message.sent', '{}', 'failed' from webhook returning id
    ), api_key as (
      insert into api_keys (id, name, role, hash) select gen_random_uuid(), 'x', 'viewer', gen_random_uuid()::text returning id
    )
    select template.id as template, to_json(template.updated_at) #>> '{}' as "templateAt", filter.id as "savedFilter", webhook.id as webhook, delivery.id as delivery, api_key.id as "apiKey"
    from template, filter, webhook, delivery, api_key`);
  return rows[0];
}

async function makeMessages(owner: Client): Promise<Pick<Fixtures, 'withdrawn' | 'byHand' | 'undecided' | 'answered' | 'heard' | 'note'>> {
  const make = async (wanted: Parameters<typeof queueMessage>[1]) => (await queueMessage(async (text, values) => (await owner.query<any>(text, values)).rows, wanted)).message;
  // Nobody has answered these: they are due for a follow-up.
  await make({ status: 'sent' });
  await make({ status: 'sent', channel: 'social' });
  // Somebody has answered, and an older classifier did not see it.
  const heard = await make({ status: 'sent' });
  await owner.query(
    `insert into inbound_messages (id, raw, raw_hash, source, sender, subject, kind, classifier) values (gen_random_uuid(), $1, gen_random_uuid()::text, 'http', 'x@example.org', 'Re: Hello', 'unrelated', 0)`,
    [Buffer.from(`From: x@example.org\r\nSubject: Re: Hello\r\nIn-Reply-To: <${heard}@example.org>\r\n\r\nYes.`)],
  );
  return {
    heard,
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
