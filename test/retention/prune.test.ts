import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { Retention } from '../../src/config/retention.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { prune, type PruneOptions } from '../../src/services/retention/prune.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOutrider } from '../support/program.ts';

let database: TestDatabase;
let orm: MikroORM;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await createOrm({ url: database.url });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(() => client.query(`truncate prospects, jobs, activities, webhooks, idempotency_keys, inbound_messages, scraper_history cascade`));
afterAll(async () => {
  await client.end();
  await orm.close(true);
  await database.drop();
});

const keptForEver: Retention = { jobDetails: undefined, activities: undefined, drafts: undefined, messages: undefined, webhookDeliveries: undefined };
const db = () => orm.em.fork().getKysely() as Kysely<any>;
const run = (retention: Partial<Retention>, options: Partial<PruneOptions> = {}) => prune(db(), { retention: { ...keptForEver, ...retention }, actor: 'test', batchSize: 2, ...options });
const sql = async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => (await client.query<Row>(text, values)).rows;
const left = async (table: string, name: string) => (await sql<{ name: string }>(`select ${name} as name from ${table} order by 1`)).map((row) => row.name);

const ago = (days: number, minutes = 0) => `now() - interval '${days} days ${minutes} minutes'`;
/** `t` is the number of days; a minute on either side of the boundary. */
const [older, younger] = [ago(60, 1), `now() - interval '60 days' + interval '1 minute'`];

async function addProspect(name: string): Promise<string> {
  const [row] = await sql<{ id: string }>(`insert into prospects (id, canonical_key, display_name) values (gen_random_uuid(), $1, $1) returning id`, [name]);
  return row!.id;
}

/** The triggers set `updated_at` themselves. */
async function addDraft(name: string, status: string, at: string): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, status, created_at, updated_at)
     values (gen_random_uuid(), $1, $2, 'Body', 'f', 'f', '${status}', ${at}, ${at}) returning id`,
    [await addProspect(name), name],
  );
  return row!.id;
}

async function addMessage(name: string, status: string, at: string): Promise<string> {
  const draft = await addDraft(name, status === 'sent' ? 'sent' : 'rejected', at);
  await sql(
    `insert into email_messages (id, prospect_id, draft_id, subject, body, recipient, message_id, status, created_at, updated_at)
     select gen_random_uuid(), prospect_id, id, subject, body, 'x@example.org', subject, '${status}', ${at}, ${at} from email_drafts where id = $1`,
    [draft],
  );
  return draft;
}

async function addJob(status: string, at: string | null, type = 'draft', targets = 5): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `insert into jobs (id, job_type, status, finished_at, done_count) values (gen_random_uuid(), '${type}', '${status}', ${at}, ${targets}) returning id`,
  );
  await sql(`insert into job_chunks (job_id, number, first_ordinal, target_count, state) values ($1, 1, 1, ${targets}, 'done')`, [row!.id]);
  await sql(`insert into job_targets (job_id, ordinal, outcome) select $1, n, 'done' from generate_series(1, ${targets}) n`, [row!.id]);
  return row!.id;
}

const addActivity = (action: string, at: string, subject = 'Prospect') =>
  sql(`insert into activities (id, created_at, actor, action, subject_type, subject_id) values (gen_random_uuid(), ${at}, 'ada', $1, $2, gen_random_uuid())`, [action, subject]);

test('nothing goes unless a setting says so', async () => {
  await addActivity('prospect.reviewed', ago(4000));
  await addMessage('failed', 'failed', ago(4000));
  await addDraft('rejected', 'rejected', ago(4000));
  await addJob('succeeded', ago(4000));
  expect(await run({})).toEqual({});
});

test('of a job that ended before the boundary the targets and chunks go, the job and its counts stay', async () => {
  const old = await addJob('completed_with_errors', older);
  const recent = await addJob('succeeded', younger);
  expect(await run({ jobDetails: 60 })).toEqual({ job_targets: 5, job_chunks: 1 });
  expect(await left('job_targets', 'distinct job_id')).toEqual([recent]);
  expect(await sql('select done_count as done from jobs where id = $1', [old])).toEqual([{ done: 5 }]);
});

test('a job that has not ended keeps its targets, however old it is', async () => {
  await addJob('paused', null);
  await sql(`update jobs set created_at = ${ago(4000)}`);
  expect(await run({ jobDetails: 1 })).toEqual({});
});

test('a job that sent keeps them as long as the outcome of one of its messages is open', async () => {
  const [open, settled] = [await addJob('completed_with_errors', older, 'send'), await addJob('succeeded', older, 'send')];
  await addMessage('open', 'outcome_unknown', older);
  await addMessage('sent', 'sent', older);
  await sql(`update email_messages set job_id = case when status = 'sent' then $1 else $2 end::uuid`, [settled, open]);
  await run({ jobDetails: 60 });
  expect(await left('job_chunks', 'job_id')).toEqual([open]);
});

test('old activities go but for what keeps people from being written to, and what the verdict on the schema is compared with', async () => {
  await addActivity('prospect.reviewed', older);
  await addActivity('draft.approved', younger, 'Draft');
  for (const kept of ['prospect.excluded', 'prospect.readmitted', 'prospect.erased']) await addActivity(kept, ago(4000));
  await addActivity('schema.READY', ago(4000), 'Schema');
  expect(await run({ activities: 60 })).toEqual({ activities: 1 });
  expect(await left('activities', 'action')).toEqual(['draft.approved', 'prospect.erased', 'prospect.excluded', 'prospect.readmitted', 'retention.pruned', 'schema.READY']);
});

test('the database itself keeps activities of the last 30 days', async () => {
  await addActivity('prospect.reviewed', ago(29));
  await expect(run({ activities: 1 })).rejects.toThrow('append-only');
  expect(await left('activities', 'action')).toEqual(['prospect.reviewed']);
});

test('rejected and failed drafts go, not those that are open, sent, younger, or held by a message', async () => {
  await addDraft('rejected', 'rejected', older);
  await addDraft('failed', 'failed', older);
  await addDraft('younger', 'rejected', younger);
  await addDraft('open', 'pending_review', older);
  await addDraft('approved', 'approved', older);
  await addMessage('held', 'cancelled', older);
  await addMessage('sent', 'sent', older);
  expect(await run({ drafts: 60 })).toEqual({ email_drafts: 2 });
  expect(await left('email_drafts', 'subject')).toEqual(['approved', 'held', 'open', 'sent', 'younger']);
});

test('nothing of a draft that goes is left with whom it was for, unless they have another one', async () => {
  for (const name of ['gone', 'redrafted']) await addDraft(name, 'rejected', older);
  await sql(`insert into email_drafts (id, prospect_id, subject, body, fingerprint, status) select gen_random_uuid(), id, 'New', 'New', 'f', 'pending_review' from prospects where display_name = 'redrafted'`);
  await sql(`update prospects set draft_status = 'rejected', draft_subject = 'Dear', draft_body = 'Body' where display_name = 'gone'`);
  await sql(`update prospects set draft_status = 'pending_review', draft_subject = 'New', draft_body = 'New' where display_name = 'redrafted'`);
  await sql(`insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, draft_status)
    select gen_random_uuid(), id, 'github.com/gone', 'github', 'gone', 'https://github.com/gone', 'rejected' from prospects where display_name = 'gone'`);
  await sql(`insert into social_drafts (id, social_profile_id, body, fingerprint, status, created_at, updated_at) select gen_random_uuid(), id, 'B', 'f', 'rejected', ${older}, ${older} from social_profiles`);

  expect(await run({ drafts: 60 })).toEqual({ email_drafts: 2, social_drafts: 1 });

  expect(await sql('select display_name as name, draft_status as status, draft_subject as subject, draft_body as body from prospects order by 1')).toEqual([
    { name: 'gone', status: 'none', subject: null, body: null },
    { name: 'redrafted', status: 'pending_review', subject: 'New', body: 'New' },
  ]);
  expect(await sql('select draft_status as status from social_profiles')).toEqual([{ status: 'none' }]);
});

test('earlier texts go once their draft is decided', async () => {
  for (const status of ['sent', 'pending_review', 'approved']) {
    const draft = await addDraft(status, status, older);
    await sql(`insert into email_draft_versions (id, created_at, draft_id, version, subject, body, fingerprint, replaced_by) values (gen_random_uuid(), ${older}, $1, 1, $2, 'b', 'f', 'ada')`, [draft, status]);
  }
  expect(await run({ drafts: 60 })).toEqual({ email_draft_versions: 1 });
  expect(await left('email_draft_versions', 'subject')).toEqual(['approved', 'pending_review']);
});

test('messages that never left go, and then the drafts that they held; whatever was sent, or may have been, stays', async () => {
  for (const status of ['failed', 'cancelled', 'sent', 'outcome_unknown', 'queued']) await addMessage(status, status, older);
  expect(await run({ messages: 60, drafts: 60 })).toEqual({ email_messages: 2, email_drafts: 2 });
  expect(await left('email_messages', 'subject')).toEqual(['outcome_unknown', 'queued', 'sent']);
});

test('mails that were no answer go; replies, bounces and complaints stay', async () => {
  for (const kind of ['reply', 'auto_reply', 'bounce', 'delivery_report', 'complaint', 'unrelated']) {
    await sql(`insert into inbound_messages (id, created_at, raw, raw_hash, source, kind, classifier) values (gen_random_uuid(), ${older}, '', $1::text, 'imap', $1::text::inbound_kind, 1)`, [kind]);
  }
  expect(await run({ messages: 60 })).toEqual({ inbound_messages: 3 });
  expect(await left('inbound_messages', 'kind::text')).toEqual(['bounce', 'complaint', 'reply']);
});

test('deliveries to webhooks go after their end, what waits never', async () => {
  const [webhook] = await sql<{ id: string }>(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'https://example.org', '{}', 's') returning id`);
  for (const [event, finished] of [['ended', older], ['late', younger], ['waiting', 'null']] as const) {
    await sql(
      `insert into webhook_deliveries (id, webhook_id, event_id, event, payload, created_at, state, finished_at)
       values (gen_random_uuid(), $1, gen_random_uuid(), $2, '{}', ${ago(90)}, ${finished === 'null' ? `'waiting'` : `'delivered'`}, ${finished})`,
      [webhook!.id, event],
    );
  }
  expect(await run({ webhookDeliveries: 60 })).toEqual({ webhook_deliveries: 1 });
  expect(await left('webhook_deliveries', 'event')).toEqual(['late', 'waiting']);
});

test('a key of idempotency is forgotten only when it says nothing any more', async () => {
  for (const [key, at] of [['old', ago(8)], ['used', ago(6)]] as const) {
    await sql(`insert into idempotency_keys (caller, mutation, key, input_hash, job_id, created_at) values ('a', 'm', $1, 'h', gen_random_uuid(), ${at})`, [key]);
  }
  await run({});
  expect(await left('idempotency_keys', 'key')).toEqual(['used']);
});

test('a table that is lost stops only what needs it, and is named when the rest is done', async () => {
  await addJob('succeeded', ago(60, 1));
  await sql(`insert into idempotency_keys (caller, mutation, key, input_hash, job_id, created_at) values ('a', 'm', 'old', 'h', gen_random_uuid(), ${ago(8)})`);
  await sql('alter table email_messages rename to gone_away');
  try {
    await addActivity('note', older);
    await expect(run({ activities: 60, messages: 60, jobDetails: 60 })).rejects.toThrow(/email_messages/);
  } finally {
    await sql('alter table gone_away rename to email_messages');
  }
  expect(await left('activities', 'action')).toEqual(['retention.pruned']);
  expect(await left('idempotency_keys', 'key')).toEqual([]);
});

test('a dry run counts what a run then removes, and removes nothing', async () => {
  await addJob('succeeded', older);
  for (let n = 0; n < 5; n += 1) await addActivity('prospect.reviewed', older);
  await addDraft('rejected', 'rejected', older);
  const retention = { jobDetails: 60, activities: 60, drafts: 60 };
  const foretold = await run(retention, { dryRun: true });
  expect(foretold).toEqual({ job_targets: 5, job_chunks: 1, activities: 5, email_drafts: 1 });
  expect(await sql('select count(*)::int as count from job_targets')).toEqual([{ count: 5 }]);
  expect(await run(retention)).toEqual(foretold);
});

test('what went is an activity with the counts', async () => {
  await addJob('succeeded', older);
  await run({ jobDetails: 60 });
  expect(await sql(`select actor, action, details from activities where subject_type = 'Retention'`)).toEqual([
    { actor: 'test', action: 'retention.pruned', details: { job_targets: 5, job_chunks: 1 } },
  ]);
});

test('stopped between two batches, what went is told, and the next run goes on', async () => {
  await addJob('succeeded', older, 'draft', 20);
  const stop = new AbortController();
  await expect(run({ jobDetails: 60 }, { signal: stop.signal, onBatch: () => stop.abort(new Error('enough')) })).rejects.toThrow('enough');
  const [{ count }] = (await sql<{ count: number }>('select count(*)::int as count from job_targets')) as [{ count: number }];
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(20);
  expect(await run({ jobDetails: 60 })).toEqual({ job_targets: count, job_chunks: 1 });
});

test('cut off from the database again and again, a later run removes what is left', async () => {
  await addJob('succeeded', older);
  const broken = run({ jobDetails: 60 }, {
    onBatch: () => void client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`),
    batchSize: 1,
  });
  await broken.catch(() => {});
  await run({ jobDetails: 60 });
  expect(await sql('select count(*)::int as count from job_targets')).toEqual([{ count: 0 }]);
});

test('two at once remove everything once', async () => {
  await addJob('succeeded', older, 'draft', 200);
  for (let n = 0; n < 20; n += 1) await addActivity('prospect.reviewed', older);
  const both = await Promise.all([run({ jobDetails: 60, activities: 60 }), run({ jobDetails: 60, activities: 60 })]);
  const rest = await run({ jobDetails: 60, activities: 60 });
  const total = (table: string) => [...both, rest].reduce((sum, pruned) => sum + (pruned[table] ?? 0), 0);
  expect([total('job_targets'), total('activities')]).toEqual([200, 20]);
  expect(await left('job_targets', 'ordinal')).toEqual([]);
});

test('rows that somebody holds are left for the next run, without waiting', async () => {
  for (const name of ['one', 'two', 'three']) await addDraft(name, 'rejected', older);
  await client.query('begin');
  await client.query(`select from email_drafts where subject = 'two' for update`);
  expect(await run({ drafts: 60 })).toEqual({ email_drafts: 2 });
  await client.query('rollback');
  expect(await run({ drafts: 60 })).toEqual({ email_drafts: 1 });
});

test('outrider prune says what would go, and removes it', async () => {
  await addJob('succeeded', older);
  const environment = { DATABASE_URL: database.url, RETENTION_JOB_DETAILS: '60' };
  expect(await runOutrider(['prune', '--dry-run'], environment)).toMatchObject({ code: 0, out: 'Would go: 5 job_targets, 1 job_chunks.\n' });
  expect(JSON.parse((await runOutrider(['prune', '--json'], environment)).out)).toEqual({ job_targets: 5, job_chunks: 1 });
  expect(await runOutrider(['prune'], environment)).toMatchObject({ code: 0, out: 'Nothing was removed.\n' });
});

test.each([
  ['RETENTION_ACTIVITIES', '7', /Set RETENTION_ACTIVITIES to another value: must be 30 or more/],
  ['RETENTION_DRAFTS', '0', /must be 1 or more/],
  ['RETENTION_JOB_DETAILS', 'soon', /must be a number of days/],
])('%s=%s is refused', async (name, value, reason) => {
  const { code, err } = await runOutrider(['prune'], { DATABASE_URL: database.url, [name]: value });
  expect(code).not.toBe(0);
  expect(err).toMatch(reason);
});
