import type { Client } from 'pg';
import { JobType } from '../../../src/domain/enums.ts';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { ids, liftable, settled, suppressed, type Fixtures, type Waiting } from './fixtures.ts';
import { findTraces } from './person.ts';
import type { Probe } from './probe.ts';
import { site, siteAddress } from './site.ts';

/** Whether a prospect is not written to, as its address is suppressed. */
const isKeptOut = `t->>'excluded_at' is not null`;

const exists = async (owner: Client, sql: string, ...values: unknown[]) => ((await owner.query(sql, values)).rowCount ?? 0) > 0;
/** The same of a table that may be gone. */
const isThere = async (owner: Client, table: string, condition: string, ...values: unknown[]) =>
  (await exists(owner, 'select where to_regclass($1) is not null', table)) && exists(owner, row(table, condition), ...values);
/** The owner reads whole rows, so that no column's name matters. */
const row = (table: string, condition: string) => `select from (select to_jsonb(t) as t from ${table} t) as rows where ${condition}`;

function mutation(name: string, input: (fixtures: Fixtures) => object, answer: string, more: Partial<Probe> = {}): Probe {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return {
    name,
    document: `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} userErrors { code message } } }`,
    variables: (fixtures) => ({ input: input(fixtures) }),
    ...more,
  };
}

function jobAction(name: string, id: (fixtures: Fixtures) => string, status: string, wrote: NonNullable<Probe['wrote']> = async () => true): Probe {
  return {
    name,
    document: `mutation ($input: JobActionInput!) { ${name}(input: $input) { userErrors { code message } } }`,
    variables: (fixtures) => ({ input: { id: ids.job(id(fixtures)) } }),
    tells: status === 'cancelled',
    wrote: async (owner, fixtures, data) => (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = $2`), id(fixtures), status)) && wrote(owner, fixtures, data),
  };
}

/** Whether a message got into a state, with its chunk of the job and the target's outcome. */
async function isEnded(owner: Client, table: string, message: string, status: string, outcome: string): Promise<boolean> {
  return exists(
    owner,
    `select from (select to_jsonb(m) as m from ${table} m) m
      join (select to_jsonb(c) as c from job_chunks c) c on c->>'job_id' = m->>'job_id' and c->>'number' = m->>'chunk'
      join (select to_jsonb(t) as t from job_targets t) t on t->>'job_id' = m->>'job_id' and t->>'ordinal' = c->>'first_ordinal'
      where m->>'id' = $1 and m->>'status' = $2 and c->>'state' = 'done' and t->>'outcome' = $3`,
    message, status, outcome,
  );
}

/** Whether nothing waits for somebody any more: on the social channel nothing does without its tables. */
async function areCancelled(owner: Client, { mail, note }: Waiting): Promise<boolean> {
  const { rows } = await owner.query(`select to_regclass('social_messages') is not null and to_regclass('social_profiles') is not null as there`);
  return (await isEnded(owner, 'email_messages', mail, 'cancelled', 'skipped')) && (!rows[0].there || isEnded(owner, 'social_messages', note, 'cancelled', 'skipped'));
}

const startDraftJob = (channel: string, target: (fixtures: Fixtures) => string, table: string): Probe =>
  mutation('startDraftJob', (fixtures) => ({ channel, prospectIds: [ids.prospect(target(fixtures))] }), '', {
    name: `startDraftJob ${channel}`,
    works: JobType.DRAFT,
    tells: true,
    wrote: async (owner, fixtures, { jobId }) =>
      (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'drafts_created' = '1'`), jobId))
      && (await exists(owner, row(table, `t->>'job_id' = $1 and t->>'body' like $2`), jobId, settled.draft))
      && (table === 'email_drafts' || exists(owner, row('prospects', `t->>'id' = $1 and t->>'social_draft_status' = 'pending_review'`), target(fixtures))),
  });

const hasFound: Probe['wrote'] = async (owner, _, { jobId }) =>
  (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'done_count' = '1'`), jobId))
  && (await exists(owner, row('job_targets', `t->>'job_id' = $1 and t->>'target_id' is not null`), jobId))
  && (await exists(owner, row('prospects', `t->>'email' = $1 and ${isKeptOut}`), siteAddress))
  && exists(owner, row('scraper_history', `t->>'job_id' = $1 and t->>'http_status' = '200'`), jobId);

const resolveMessage = (resolution: string, message: (fixtures: Fixtures) => string, wrote: Probe['wrote']): Probe =>
  mutation('resolveMessage', (fixtures) => ({ id: ids.message(message(fixtures)), resolution }), 'message { id }', { name: `resolveMessage ${resolution}`, tells: true, wrote });

/** Whether the draft of a message was sent, and the prospect knows since when. */
const isSent = (owner: Client, messages: string, drafts: string, message: string) =>
  exists(
    owner,
    `select from (select to_jsonb(m) as m from ${messages} m) m join (select to_jsonb(d) as d from ${drafts} d) d on d->>'id' = m->>'draft_id'
      ${messages === 'social_messages' ? `join (select to_jsonb(s) as s from social_profiles s) s on s->>'id' = m->>'social_profile_id' and s->>'draft_status' = 'sent'` : ''}
      join (select to_jsonb(p) as p from prospects p) p on p->>'id' = ${messages === 'social_messages' ? `s->>'prospect_id'` : `m->>'prospect_id'`}
      where m->>'id' = $1 and d->>'status' = 'sent' and p->>'sent_at' is not null`,
    message,
  );

/** A message of unknown outcome was answered: it was sent, and nothing follows it. */
const isAnswered = async (owner: Client, message: string, waiting: Waiting) =>
  (await exists(owner, `select from (select to_jsonb(m) as m from email_messages m) m join (select to_jsonb(p) as p from prospects p) p on p->>'id' = m->>'prospect_id'
    where m->>'id' = $1 and m->>'status' = 'replied' and p->>'replied_at' is not null`, message))
  && (await isSent(owner, 'email_messages', 'email_drafts', message))
  && areCancelled(owner, waiting);

/** Of the jobs that a worker has run: what was to leave has left, its draft and its target say so, and the others say why not. */
const hasSent = (messages: string, drafts: string, skipped: number): Probe['wrote'] => async (owner, _, { jobId }) => {
  const { rows } = await owner.query(`select t->>'id' as id from (select to_jsonb(t) as t from ${messages} t) as rows where t->>'job_id' = $1 and t->>'handed_over_at' is not null and t->>'sender' is not null`, [jobId]);
  return (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'done_count' = '1' and t->>'skipped_count' = $2::text`), jobId, skipped))
    && rows.length === 1
    && (await isEnded(owner, messages, rows[0].id, 'sent', 'done'))
    && (await isSent(owner, messages, drafts, rows[0].id))
    && (await exists(owner, row('senders', `t->>'sent_today' <> '0' and t->>'claimed_at' is not null`)))
    && (skipped === 0 || exists(owner, row('job_targets', `t->>'job_id' = $1 and t->>'outcome' = 'skipped' and t->>'code' = 'SUPPRESSED'`), jobId));
};

/** Of two drafts, the second of which is for a suppressed address. */
const firstTwo = { expectedCount: 2, limit: 2 };

const followUp = (channel: string, table: string): Probe =>
  mutation('followUp', () => ({ channel, afterDays: 0 }), '', {
    name: `followUp ${channel}`,
    works: JobType.FOLLOW_UP,
    tells: true,
    wrote: async (owner, _, { jobId }) =>
      (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'drafts_created' >= '1'`), jobId))
      && exists(owner, row(table, `t->>'job_id' = $1 and t->>'is_follow_up' = 'true' and t->>'body' like $2`), jobId, settled.draft),
  });

/** One row is good, of somebody who wants no mail, and one fails. */
const csv = `name,url,email\nAda,https://ada.example.org/%,${suppressed}\nBob,no address,bob\n`;

export const mutations: readonly Probe[] = [
  mutation('createProspect', ({ batch }) => ({ displayName: 'Created', email: suppressed, profileUrl: `https://new.example.org/${batch}` }), '', {
    wrote: (owner, { batch }) => exists(owner, row('prospects', `t->>'canonical_key' like '%' || $1 and ${isKeptOut}`), `new.example.org/${batch}`),
  }),
  mutation('createProspect', ({ batch }) => ({ sourceType: 'SOCIAL', sourcePlatform: 'GITHUB', displayName: 'Created', email: suppressed, username: `c${batch.slice(0, 20)}` }), '', {
    name: 'createProspect SOCIAL',
    wrote: async (owner, { batch }) =>
      (await exists(owner, row('social_profiles', `t->>'username' = $1`), `c${batch.slice(0, 20)}`))
      && exists(owner, row('prospects', `t->>'username' = $1 and ${isKeptOut}`), `c${batch.slice(0, 20)}`),
  }),
  mutation('updateProspect', ({ edited, editedAt }) => ({ id: ids.prospect(edited), updatedAt: editedAt, displayName: 'Changed', profileUrl: `https://edited.example.org/${edited}` }), '', {
    wrote: (owner, { edited }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'display_name' = 'Changed'`), edited),
  }),
  {
    name: 'deleteProspects',
    document: 'mutation ($input: DeleteProspectsInput!) { deleteProspects(input: $input) { deletedCount refused: userErrors { code } } }',
    variables: ({ deleted, mailed, noted }) => ({ input: { ids: [deleted, mailed, noted].map(ids.prospect) } }),
    isTrue: ({ deleteProspects: { deletedCount, refused } }) => deletedCount === 1 && refused.map(({ code }: any) => code).join(' ') === 'CONFLICT CONFLICT',
    wrote: async (owner, { deleted }) =>
      !(await exists(owner, row('prospects', `t->>'id' = $1`), deleted))
      && !(await exists(owner, row('social_profiles', `t->>'prospect_id' = $1`), deleted))
      && !(await isThere(owner, 'email_drafts', `t->>'prospect_id' = $1`, deleted))
      && !(await isThere(owner, 'inbound_messages', `t->>'prospect_id' = $1`, deleted))
      && !(await isThere(owner, 'email_draft_versions', `t->>'body' = 'deleted'`))
      && !(await isThere(owner, 'social_drafts', `t->>'body' = 'deleted'`))
      && !(await isThere(owner, 'social_draft_versions', `t->>'body' = 'deleted'`)),
  },
  mutation('reviewProspects', ({ pending }) => ({ ids: [ids.prospect(pending)], decision: 'APPROVE' }), 'changedCount', {
    wrote: (owner, { pending }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'review_status' = 'approved'`), pending),
  }),
  mutation('reviewProspects', ({ batch }) => ({ batch, decision: 'REOPEN' }), 'changedCount', {
    name: 'reviewProspects of a batch',
    wrote: (owner, { rejected }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'review_status' = 'pending'`), rejected),
  }),
  mutation('updateDraft', ({ rewritten }) => ({ id: ids.draft(rewritten), version: 1, body: 'Changed' }), '', {
    wrote: async (owner, { rewritten }) =>
      (await exists(owner, row('email_drafts', `t->>'id' = $1 and t->>'body' = 'Changed'`), rewritten))
      && (await exists(owner, row('prospects', `t->>'draft_body' = 'Changed'`)))
      && exists(owner, row('email_draft_versions', `t->>'draft_id' = $1`), rewritten),
  }),
  mutation('reviewDrafts', ({ approvable }) => ({ drafts: [{ id: ids.draft(approvable), fingerprint: 'f' }], decision: 'APPROVE' }), '', {
    wrote: async (owner, { approvable }) =>
      (await exists(owner, row('email_drafts', `t->>'id' = $1 and t->>'status' = 'approved'`), approvable)) && exists(owner, row('prospects', `t->>'draft_status' = 'approved' and exists (select from (select to_jsonb(d) as d from email_drafts d) d where d->>'id' = $1 and d->>'prospect_id' = t->>'id')`), approvable),
  }),
  mutation('importProspects', ({ batch }) => ({ format: 'CSV', data: csv.replace('%', batch) }), '', {
    tells: true,
    wrote: async (owner, { batch }) =>
      (await exists(owner, row('prospects', `t->>'canonical_key' like '%' || $1 and ${isKeptOut}`), `ada.example.org/${batch}`))
      && (await exists(owner, row('job_targets', `t->>'line' = '3' and t->>'code' <> 'GONE'`))),
  }),
  startDraftJob('EMAIL', ({ approved }) => approved, 'email_drafts'),
  startDraftJob('SOCIAL', ({ reachable }) => reachable, 'social_drafts'),
  followUp('EMAIL', 'email_drafts'),
  followUp('SOCIAL', 'social_drafts'),
  mutation('discover', () => ({ platform: 'WEBSITE', query: site.origin }), '', { works: JobType.DISCOVER, tells: true, wrote: hasFound }),
  mutation('discover', ({ batch }) => ({ platform: 'WEBSITE', query: site.origin, idempotencyKey: batch }), '', { name: 'discover with a key', works: JobType.DISCOVER, tells: true, wrote: hasFound }),
  mutation('runDiscoveryQuery', ({ search }) => ({ id: toGlobalId('DiscoveryQuery', search) }), '', { works: JobType.DISCOVER, tells: true, wrote: hasFound }),
  mutation('sendMessages', ({ sendable }) => ({ draftIds: [ids.draft(sendable)] }), '', { name: 'sendMessages EMAIL', works: JobType.SEND, tells: true, wrote: hasSent('email_messages', 'email_drafts', 0) }),
  mutation('sendMessages', ({ postable }) => ({ channel: 'SOCIAL', draftIds: [ids.draft(postable)] }), '', { name: 'sendMessages SOCIAL', works: JobType.SEND, tells: true, wrote: hasSent('social_messages', 'social_drafts', 0) }),
  mutation('sendMessages', ({ batch }) => ({ ...firstTwo, idempotencyKey: batch }), '', { name: 'sendMessages of a filter with a key', works: JobType.SEND, tells: true, wrote: hasSent('email_messages', 'email_drafts', 1) }),
  mutation('retryJob', ({ retried, batch }) => ({ id: ids.job(retried), codes: ['GONE'], idempotencyKey: batch }), '', {
    name: 'retryJob with codes and a key',
    wrote: (owner, { retried }) => exists(owner, row('jobs', `t->>'retry_of_id' = $1 and t->>'parameters' like '%Hello%'`), retried),
  }),
  mutation('cancelMessage', ({ withdrawn }) => ({ id: ids.message(withdrawn) }), 'message { id }', {
    tells: true,
    wrote: (owner, { withdrawn }) => isEnded(owner, 'email_messages', withdrawn, 'cancelled', 'skipped'),
  }),
  mutation('suppress', ({ unwanted }) => ({ prospectId: ids.prospect(unwanted) }), 'excludedCount', {
    wrote: async (owner, { unwanted, waitingFor }) =>
      (await exists(owner, row('prospects', `t->>'id' = $1 and ${isKeptOut}`), unwanted))
      && (await exists(owner, row('suppressions', `t->>'reason' = 'suppressed'`)))
      && areCancelled(owner, waitingFor.unwanted),
  }),
  mutation('unsuppress', () => ({ email: liftable }), 'readmittedCount', {
    wrote: async (owner) => exists(owner, row('prospects', `t->>'email' = $1 and t->>'stage' <> 'excluded'`), liftable),
  }),
  mutation('eraseProspect', ({ erasable }) => ({ id: ids.prospect(erasable) }), '', {
    wrote: async (owner, { erasable, waitingFor }) => {
      const traces = await findTraces(owner, erasable);
      if (traces.length > 0) throw new Error(`left in ${traces.join(', ')}`);
      return areCancelled(owner, waitingFor.erasable);
    },
  }),
  mutation('reclassifyInbound', () => ({}), 'changed', {
    tells: true,
    wrote: async (owner, { heard, waitingFor }) =>
      (await isAnswered(owner, heard, waitingFor.heard)) && exists(owner, row('inbound_messages', `t->>'email_message_id' = $1`), heard),
  }),
  mutation('tagProspects', ({ edited }) => ({ ids: [ids.prospect(edited)], add: ['tagged'] }), 'changedCount', {
    wrote: (owner, { edited }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'tags' like '%tagged%'`), edited),
  }),
  mutation('updateSettings', ({ batch }) => ({ draftEmail: { subject: batch } }), 'settings { draftEmail { subject } }', {
    wrote: (owner, { batch }) => exists(owner, row('settings', `t->>'key' = 'draft.email' and t->>'value' like '%' || $1 || '%'`), batch),
  }),
  mutation('createTemplate', ({ batch }) => ({ name: batch, subject: 'Hello', body: 'Hello {{ displayName }}' }), 'template { name }', {
    wrote: (owner, { batch }) => exists(owner, row('templates', `t->>'name' = $1`), batch),
  }),
  mutation('updateTemplate', ({ template, templateAt }) => ({ id: toGlobalId('Template', template), updatedAt: templateAt, body: 'Changed' }), '', {
    wrote: (owner, { template }) => exists(owner, row('templates', `t->>'id' = $1 and t->>'body' = 'Changed'`), template),
  }),
  mutation('deleteTemplate', ({ template }) => ({ id: toGlobalId('Template', template) }), '', {
    wrote: async (owner, { template }) => !(await exists(owner, row('templates', `t->>'id' = $1`), template)),
  }),
  mutation('saveFilter', ({ batch }) => ({ name: batch, filter: { tag: 'x' }, replace: true }), 'savedFilter { name }', {
    wrote: (owner, { batch }) => exists(owner, row('saved_filters', `t->>'name' = $1`), batch),
  }),
  mutation('deleteSavedFilter', ({ savedFilter }) => ({ id: toGlobalId('SavedFilter', savedFilter) }), '', {
    wrote: async (owner, { savedFilter }) => !(await exists(owner, row('saved_filters', `t->>'id' = $1`), savedFilter)),
  }),
  mutation('createApiKey', ({ batch }) => ({ name: batch, role: 'VIEWER' }), 'key', {
    wrote: (owner, { batch }) => exists(owner, row('api_keys', `t->>'name' = $1`), batch),
  }),
  mutation('revokeApiKey', ({ apiKey }) => ({ id: toGlobalId('ApiKey', apiKey) }), '', {
    wrote: (owner, { apiKey }) => exists(owner, row('api_keys', `t->>'id' = $1 and t->>'revoked_at' is not null`), apiKey),
  }),
  mutation('createWebhook', ({ batch }) => ({ url: `http://127.0.0.1:9/${batch}`, events: ['MESSAGE_BOUNCED'] }), 'secret', {
    wrote: (owner, { batch }) => exists(owner, row('webhooks', `t->>'url' like '%' || $1`), batch),
  }),
  mutation('updateWebhook', ({ webhook }) => ({ id: toGlobalId('Webhook', webhook), enabled: false }), '', {
    wrote: (owner, { webhook }) => exists(owner, row('webhooks', `t->>'id' = $1 and t->>'enabled' = 'false'`), webhook),
  }),
  mutation('redeliverWebhook', ({ delivery }) => ({ id: toGlobalId('WebhookDelivery', delivery) }), '', {
    wrote: (owner, { delivery }) => exists(owner, row('webhook_deliveries', `t->>'id' = $1 and t->>'state' = 'waiting'`), delivery),
  }),
  mutation('deleteWebhook', ({ webhook }) => ({ id: toGlobalId('Webhook', webhook) }), '', {
    wrote: async (owner, { webhook }) => !(await exists(owner, row('webhooks', `t->>'id' = $1`), webhook)),
  }),
  resolveMessage('SENT', ({ byHand }) => byHand, async (owner, { byHand }) =>
    (await isEnded(owner, 'email_messages', byHand, 'sent', 'done')) && isSent(owner, 'email_messages', 'email_drafts', byHand)),
  resolveMessage('NOT_SENT', ({ undecided }) => undecided, (owner, { undecided }) => isEnded(owner, 'email_messages', undecided, 'failed', 'failed')),
  resolveMessage('REPLIED', ({ answered }) => answered, (owner, { answered, waitingFor }) => isAnswered(owner, answered, waitingFor.answered)),
  jobAction('pauseJob', ({ pausable }) => pausable, 'paused'),
  jobAction('resumeJob', ({ resumable }) => resumable, 'running'),
  jobAction('cancelJob', ({ cancellable }) => cancellable, 'cancelled', async (owner, { cancellable }) =>
    (await exists(owner, row('job_chunks', `t->>'job_id' = $1 and t->>'state' = 'cancelled'`), cancellable))
    && exists(owner, row('jobs', `t->>'id' = $1 and t->>'failure_reasons' like '%GONE%'`), cancellable)),
];
