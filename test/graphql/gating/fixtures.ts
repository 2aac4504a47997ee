import type { Client } from 'pg';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { SuppressionKind } from '../../../src/domain/enums.ts';
import { suppressionHashes } from '../../../src/domain/suppressionHash.ts';
import { outreachOf } from '../../support/outreach.ts';
import { queueMessage, type QueuedMessage } from '../../support/queueMessage.ts';
import { mentionPerson } from './person.ts';
import { site, siteAddress } from './site.ts';

/** Suppressed addresses, beside that of the website: one that is lifted, and one that stays. */
export const liftable = 'lifted@example.net';
export const suppressed = 'suppressed@example.net';
/** What drafts say by the settings. */
export const settled = { template: 'As it was settled for {{ displayName }}', draft: 'As it was settled for %' };
/** A worker that was not seen lately; uuid. */
export const worker = '00000000-0000-7000-8000-000000000001';
/** Whoever asks. */
export const asker = 'somebody';

/** Messages to one person that wait, one on each channel. */
export interface Waiting {
  mail: string;
  note: string;
}

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
  /** prospects with messages: one on each channel */
  mailed: string;
  noted: string;
  /** approved drafts without a message, but for `mailable` and `unsendable` old; `unsendable` is for a suppressed address */
  sendable: string;
  mailable: string;
  postable: string;
  unsendable: string;
  search: string;
  waitingFor: Record<'unwanted' | 'erasable' | 'answered' | 'heard', Waiting>;
}

/** Makes them as the owner of a sound schema, so that nothing of what is tried is needed for it. */
export async function makeFixtures(owner: Client): Promise<Fixtures> {
  const { rows } = await owner.query<Fixtures>(`
    with prospect as (
      insert into prospects (id, canonical_key, display_name, profile_url, username, email, bio_text, tags, follower_count, review_status, review_batch, draft_status, source_job_id)
      select gen_random_uuid(), 'https://example.org/' || gen_random_uuid(), role, 'https://example.org/' || gen_random_uuid(), case role when 'erasable' then 'mentioned' else 'user' end, case when role in ('unwanted', 'erasable') then role || gen_random_uuid() else role end || '@example.org', 'bio', '{all}', 7,
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
    ), mail_version as (
      insert into email_draft_versions (id, draft_id, version, subject, body, fingerprint, replaced_by)
      select gen_random_uuid(), mail.id, 0, 'Old', role, 'o', 'somebody' from mail join prospect on prospect.id = prospect_id where role in ('shown', 'deleted')
    ), social as (
      insert into social_drafts (id, social_profile_id, job_id, body, fingerprint, recipient)
      select gen_random_uuid(), profile.id, again.id, role, 'f', 'x' from again, profile join prospect on prospect.id = prospect_id where role in ('shown', 'deleted') returning id, social_profile_id
    ), social_version as (
      insert into social_draft_versions (id, draft_id, version, body, fingerprint, replaced_by)
      select gen_random_uuid(), social.id, 0, role, 'o', 'somebody' from social join profile on profile.id = social_profile_id join prospect on prospect.id = prospect_id
    ), inbound as (
      insert into inbound_messages (id, raw, raw_hash, source, kind, classifier, prospect_id) select gen_random_uuid(), '', id::text, 'http', 'unrelated', 1000, id from prospect where role = 'deleted'
    ), chunk as (
      insert into job_chunks (job_id, number, first_ordinal, target_count) select id, 1, 1, 1 from job where status in ('pending', 'running', 'paused')
    )
    select jsonb_object_agg(role, id) || jsonb_build_object(
      'editedAt', max(updated_at) filter (where role = 'edited'),
      'batch', (array_agg(review_batch) filter (where role = 'rejected'))[1],
      'profile', (select profile.id from profile join prospect on prospect.id = prospect_id where role = 'shown'),
      'emailDraft', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'shown'),
      'socialDraft', (select social.id from social join profile on profile.id = social_profile_id join prospect on prospect.id = prospect_id where role = 'shown'),
      'rewritten', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'rewritten'),
      'approvable', (select mail.id from mail join prospect on prospect.id = prospect_id where role = 'approvable'),
      'readJob', (select id from again), 'pausable', (select id from job where status = 'running'), 'resumable', (select id from job where status = 'paused'),
      'cancellable', (select id from job where status = 'pending'), 'retried', (select id from job where status = 'completed_with_errors')
    ) as made from prospect`).then((answer) => ({ rows: answer.rows.map((row: any) => row.made as Fixtures) }));
  const made = rows[0]!;
  await makeSuppressions(owner);
  const search = await makeSearch(owner, made.readJob);
  const messages = await makeMessages(owner, made);
  const sendable = await makeSendable(owner);
  const setUp = await makeSetUp(owner);
  await mentionPerson(owner, made.erasable);
  const fixtures = { ...made, search, ...messages, ...sendable, ...setUp };
  await makeActivities(owner, fixtures);
  await owner.query(`insert into workers (id, name, version, seen_at) values ($1, 'worker', '1', now() - interval '1 day')`, [worker]);
  await makeOldKeys(owner, made.batch);
  return fixtures;
}

/** A search that a job ran, and what it asked for. */
async function makeSearch(owner: Client, jobId: string): Promise<string> {
  const { rows } = await owner.query(
    `with search as (
      insert into discovery_queries (id, platform, query, filters, created_by) values (gen_random_uuid(), 'website', $2, '{}', 'somebody') returning id
    ), request as (
      insert into scraper_history (id, discovery_query_id, job_id, url, http_status) select gen_random_uuid(), id, $1::uuid, 'https://acme.example/', 200 from search
    )
    update jobs set parameters = parameters || jsonb_build_object('discoveryQueryId', search.id) from search where jobs.id = $1::uuid returning search.id`,
    [jobId, `${site.origin}/again`],
  );
  return rows[0].id;
}

/** Of people who are nobody else here: a prospect that one keeps out, and others that they will. */
async function makeSuppressions(owner: Client): Promise<void> {
  for (const address of [liftable, suppressed, siteAddress]) {
    const [hash] = suppressionHashes(outreachOf().secretKeys, SuppressionKind.EMAIL, address);
    await owner.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'email', $1, 'asked') on conflict do nothing`, [hash]);
  }
  await owner.query(`insert into prospects (id, canonical_key, display_name, email, excluded_at) values (gen_random_uuid(), $1, 'Lifted', $1, now()) on conflict (canonical_key) do update set excluded_at = now()`, [liftable]);
}

/** Approved drafts; the old ones come first where a filter selects them. */
async function makeSendable(owner: Client): Promise<Pick<Fixtures, 'sendable' | 'mailable' | 'postable' | 'unsendable'>> {
  const { rows } = await owner.query(
    `with prospect as (
      insert into prospects (id, canonical_key, display_name, email, review_status, draft_status)
      select gen_random_uuid(), 'https://sendable.example.org/' || gen_random_uuid(), role, case role when 'unsendable' then $1 else role || '@sendable.example' end, 'approved',
        case role when 'postable' then 'none' else 'approved' end::draft_status
      from unnest('{sendable,mailable,postable,unsendable}'::text[]) as role returning id, email, display_name as role
    ), profile as (
      insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, draft_status)
      select gen_random_uuid(), id, 'github.com/' || id, 'github', 'postable', 'https://github.com/' || id, 'approved' from prospect where role = 'postable' returning id, profile_url
    ), mail as (
      insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, recipient, status, created_at)
      select gen_random_uuid(), id, 'Hello', 'Hello', 'f', 'f', email, 'approved', case role when 'sendable' then now() else '2020-01-01' end from prospect where role <> 'postable' returning id, prospect_id
    ), note as (
      insert into social_drafts (id, social_profile_id, body, fingerprint, approved_fingerprint, recipient, status)
      select gen_random_uuid(), id, 'Hello', 'f', 'f', profile_url, 'approved' from profile returning id
    )
    select jsonb_object_agg(role, mail.id) || jsonb_build_object('postable', (select id from note)) as made from mail join prospect on prospect.id = prospect_id`,
    [suppressed],
  );
  return rows[0].made;
}

/** Of every kind of thing that an activity can be about. */
async function makeActivities(owner: Client, { pending, profile, emailDraft, readJob, template, savedFilter, webhook, apiKey, withdrawn }: Fixtures): Promise<void> {
  const subjects = Object.entries({ Prospect: pending, SocialProfile: profile, Draft: emailDraft, Job: readJob, Template: template, SavedFilter: savedFilter, Webhook: webhook, ApiKey: apiKey, Message: withdrawn });
  await owner.query(
    `insert into activities (id, created_at, actor, action, subject_type, subject_id) select gen_random_uuid(), now() + interval '1 second', 'somebody', 'a.thing', type, id from unnest($1::text[], $2::uuid[]) as subject (type, id)`,
    [subjects.map(([type]) => type), subjects.map(([, id]) => id)],
  );
}

/** Keys that were used before, so long ago that they may be used again. */
async function makeOldKeys(owner: Client, key: string): Promise<void> {
  await owner.query(
    `insert into idempotency_keys (caller, mutation, key, created_at, input_hash, job_id)
     select $1, mutation, $2, now() - interval '8 days', 'other', gen_random_uuid() from unnest('{discover,runDiscoveryQuery,retryJob,sendMessages}'::text[]) as mutation`,
    [asker, key],
  );
}

/** What administrators set up; texts of drafts among it. */
async function makeSetUp(owner: Client): Promise<Pick<Fixtures, 'template' | 'templateAt' | 'savedFilter' | 'webhook' | 'delivery' | 'apiKey'>> {
  await owner.query(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'http://127.0.0.1:9/all', '{message.sent,message.replied,job.finished}', 'a secret of its own')`);
  await owner.query(`insert into settings (key, value) select unnest('{draft.email,draft.social,followUp.email,followUp.social}'::text[]), jsonb_build_object('body', $1::text)`, [settled.template]);
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

type MadeMessages = Pick<Fixtures, 'withdrawn' | 'byHand' | 'undecided' | 'answered' | 'heard' | 'note' | 'mailed' | 'noted' | 'waitingFor'>;

async function makeMessages(owner: Client, { unwanted, erasable }: Pick<Fixtures, 'unwanted' | 'erasable'>): Promise<MadeMessages> {
  const make = (wanted: Parameters<typeof queueMessage>[1]): Promise<QueuedMessage> => queueMessage(async (text, values) => (await owner.query<any>(text, values)).rows, wanted);
  const waitingFor = async (prospect: string): Promise<Waiting> => ({
    mail: (await make({ prospect, isFollowUp: true })).message, note: (await make({ prospect, channel: 'social' })).message,
  });
  // Nobody has answered these: they are due for a follow-up.
  await make({ status: 'sent' });
  await make({ status: 'sent', channel: 'social' });
  // Somebody has answered, and an older classifier did not see it. That it was sent at all nobody knew.
  const heard = await make({ status: 'outcome_unknown' });
  const answered = await make({ status: 'outcome_unknown' });
  await owner.query(
    `insert into inbound_messages (id, raw, raw_hash, source, sender, subject, kind, classifier) values (gen_random_uuid(), $1, gen_random_uuid()::text, 'http', 'x@example.org', 'Re: Hello', 'unrelated', 0)`,
    [Buffer.from(`From: x@example.org\r\nSubject: Re: Hello\r\nIn-Reply-To: <${heard.message}@example.org>\r\n\r\nYes.`)],
  );
  // As a sender leaves it; whoever counts the job next ends it.
  await owner.query(`update job_chunks set state = 'done', failed_count = 1 where job_id = $1`, [answered.job]);
  await make({ prospect: erasable, status: 'sent' });
  const [withdrawn, note] = [await make({}), await make({ channel: 'social' })];
  return {
    heard: heard.message, answered: answered.message,
    withdrawn: withdrawn.message, mailed: withdrawn.prospect, note: note.message, noted: note.prospect,
    byHand: (await make({})).message, undecided: (await make({ status: 'outcome_unknown' })).message,
    waitingFor: {
      unwanted: await waitingFor(unwanted), erasable: await waitingFor(erasable),
      answered: await waitingFor(answered.prospect), heard: await waitingFor(heard.prospect),
    },
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
