import { randomUUID } from 'node:crypto';
import { Role } from '../../src/domain/enums.ts';
import { eraseProspect } from '../../src/services/erasure/eraseProspect.ts';
import { importRecords } from '../../src/services/importRecords.ts';
import { rollUp } from '../../src/services/rollUpJob.ts';
import { receiveMail } from '../../src/services/replies/receiveMail.ts';
import { unsubscribe } from '../../src/services/suppression/unsubscribe.ts';
import { updateProspect } from '../../src/services/updateProspect.ts';
import { mail, ours } from '../mail/mails.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { OutreachBench } from './support.ts';

let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, activities, email_messages, suppressions, inbound_messages, scraper_history, saved_filters, idempotency_keys, discovery_queries cascade'));

const outreach = outreachOf();
const context = () => ({ ...bench.bench.context(), actor: { name: 'admin', role: Role.ADMIN }, outreach });
const erase = (prospectId: string) => eraseProspect(context(), { prospectId });

/** What nobody may find afterwards. */
const traces = ['lovelace', 'ada_l', 'old-address', 'analytical', 'her secret answer', 'dear ada'];

/** Ada Lovelace with all that can be known of somebody, everywhere. */
async function known(): Promise<{ prospectId: string; messageId: string }> {
  const prospectId = await bench.prospect('ada_l', { email: 'ada@lovelace.example', profile_url: 'lovelace.example/about' });
  await bench.query(
    `update prospects set display_name = 'Ada Lovelace', username = 'ada_l', bio_text = 'Analytical engines', external_links = '["https://lovelace.example/"]', tags = '{lovelace}',
       draft_subject = 'Dear Ada', draft_body = 'Dear Ada', review_reason = 'knows Lovelace' where id = $1`,
    [prospectId],
  );
  await bench.query(`update social_profiles set display_name = 'Ada Lovelace', bio_text = 'Analytical engines' where prospect_id = $1`, [prospectId]);
  const messageId = await bench.email(prospectId, 'sent');
  await bench.query(`set session_replication_role = replica; update email_messages set message_id = '${ours}', body = 'Dear Ada', recipient = 'old-address@lovelace.example',
    error = '550 <ada@lovelace.example>', response = '250 ada@lovelace.example' where id = '${messageId}'; set session_replication_role = default`);
  await bench.query(`set session_replication_role = replica; update email_drafts set body = 'Dear Ada', subject = 'Dear Ada', problems = '{"Dear Ada"}', review_reason = 'Lovelace'; set session_replication_role = default`);
  await bench.query(`insert into email_draft_versions (id, draft_id, version, subject, body, fingerprint, replaced_by) select gen_random_uuid(), id, 1, 'Dear Ada', 'Dear Ada', 'f', 'x' from email_drafts`);
  await bench.social(prospectId, 'queued');
  await bench.query(`insert into social_draft_versions (id, draft_id, version, body, fingerprint, replaced_by) select gen_random_uuid(), id, 1, 'Dear Ada', 'f', 'x' from social_drafts`);
  await receiveMail({ em: bench.bench.orm.em.fork(), outreach }, { raw: Buffer.from(mail({ From: 'Ada Lovelace <ada@lovelace.example>', Subject: 'Re: Dear Ada', 'In-Reply-To': ours }, 'Her secret answer')), source: 'http' });
  const job = randomUUID();
  await bench.query(
    `insert into jobs (id, job_type, status, total_targets, error, failure_reasons, parameters) values
     ($1, 'import', 'running', 2, 'broke at ada@lovelace.example', '[{"code": "INVALID_EMAIL", "message": "Ada Lovelace has none", "count": 1}]', '{"query": "Ada Lovelace", "channel": "email"}')`,
    [job],
  );
  await bench.query(`insert into job_targets (job_id, ordinal, outcome, target_id, message, value) values ($1, 1, 'failed', $2, 'She is Analytical', 'Ada Lovelace')`, [job, prospectId]);
  await bench.query(`insert into job_targets (job_id, ordinal, outcome, message, value) values ($1, 2, 'failed', 'bad: ADA@LOVELACE.EXAMPLE', 'github.com/ada_l')`, [job]);
  await bench.query(`insert into scraper_history (id, job_id, url) values (gen_random_uuid(), $1, 'https://lovelace.example/about')`, [job]);
  await bench.query(`insert into saved_filters (id, name, filter) values (gen_random_uuid(), 'Ada Lovelace', '{}'), (gen_random_uuid(), 'ada lovelace', '{}'), (gen_random_uuid(), 'mine', '{"search": "Ada Lovelace", "stage": ["SENT"]}')`);
  await bench.query(`insert into idempotency_keys (caller, mutation, key, input_hash, job_id) values ('x', 'y', 'to ada@lovelace.example', 'h', $1)`, [job]);
  await bench.query(`insert into discovery_queries (id, platform, query, filters) values (gen_random_uuid(), 'github', 'lovelace.example/about', '{"handle": "ada_l", "platform": "github"}')`);
  await bench.query(`insert into suppressions (id, kind, hash, reason, created_by) values (gen_random_uuid(), 'domain', 'h', 'Ada Lovelace asked us to', 'x')`);
  const other = await bench.prospect('charles');
  await bench.query(`update prospects set review_reason = 'works with Ada Lovelace' where id = $1`, [other]);
  await bench.email(other, 'queued');
  await bench.query(`update email_drafts set review_reason = 'ask ada@lovelace.example first' where prospect_id = $1`, [other]);
  await bench.query(`update discovery_queries set location = 'near Ada Lovelace'`);
  return { prospectId, messageId };
}

/** Every row of every table as text, bytes too. */
async function dump(): Promise<string> {
  const tables = await bench.query<{ name: string }>(`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`);
  let text = '';
  for (const { name } of tables) {
    const rows = await bench.query(`select t::text as row from ${name} as t`);
    text += rows.map(({ row }) => row).join('\n');
  }
  const raws = await bench.query<{ raw: Buffer }>('select raw from inbound_messages');
  return (text + raws.map(({ raw }) => raw.toString()).join('\n')).toLowerCase();
}

test('nothing of the person is left in any column of any table', async () => {
  const { prospectId } = await known();
  const before = await dump();
  expect(traces.filter((trace) => !before.includes(trace))).toEqual([]);
  await erase(prospectId);
  const after = await dump();
  expect(traces.filter((trace) => after.includes(trace))).toEqual([]);
});

test('the row stays, excluded, so that counts sum; what waited is cancelled; what others need is as it was', async () => {
  const { prospectId } = await known();
  const other = await bench.prospect('grace');
  await erase(prospectId);
  expect(await bench.find(prospectId)).toMatchObject({ stage: 'excluded', erased_at: expect.any(Date), email: null });
  expect((await bench.messages(prospectId)).map(({ status }) => status).sort()).toEqual(['cancelled', 'replied']);
  expect(await bench.find(other)).toMatchObject({ stage: 'reviewed', email: 'grace@grace.example' });
  expect(await bench.query(`select failure_reasons -> 0 ->> 'code' as code, parameters ->> 'channel' as channel from jobs where error is not null`)).toEqual([{ code: 'INVALID_EMAIL', channel: 'email' }]);
  expect(await bench.query(`select filters ->> 'platform' as platform from discovery_queries`)).toEqual([{ platform: 'github' }]);
  expect(await bench.query(`select actor from activities where action = 'prospect.erased'`)).toEqual([{ actor: 'admin' }]);
});

test('a roll-up that has read the failures of a job just before leaves no name in its reasons', async () => {
  const { prospectId } = await known();
  const [{ id }] = (await bench.query(`update jobs set failure_reasons = '[]', error = null, parameters = '{}' where job_type = 'import' returning id`)) as [{ id: string }];
  await bench.query(`insert into job_chunks (job_id, number, state, first_ordinal, target_count, failed_count) values ($1, 1, 'done', 2, 1, 1), ($1, 2, 'ready', 3, 1, 0)`, [id]);
  await bench.query(`delete from job_targets where ordinal = 1`);
  await bench.query(`update job_targets set code = 'INVALID_EMAIL' where job_id = $1`, [id]);
  let erasing: Promise<void> = Promise.resolve();
  await bench.bench.orm.em.fork().transactional(async (tx) => {
    await rollUp(tx.getKysely(), id);
    erasing = erase(prospectId);
    await Promise.race([erasing, waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0)]);
  });
  await erasing;
  expect(await bench.query('select failed_count, failure_reasons from jobs where id = $1', [id])).toEqual([{ failed_count: 1, failure_reasons: [{ code: 'INVALID_EMAIL', message: 'bad: erased', count: 1 }] }]);
  const after = await dump();
  expect(traces.filter((trace) => after.includes(trace))).toEqual([]);
});

test('what a job says of them stands for no failures of others in its reasons, unless others have it as well', async () => {
  const { prospectId } = await known();
  const [{ id }] = (await bench.query(`select id from jobs where job_type = 'import'`)) as [{ id: string }];
  const reasons = [{ code: 'A', message: 'She is Analytical', count: 2 }, { code: 'B', message: 'bioText has no value.', count: 2 }, { code: 'C', message: 'No.', count: 1 }];
  await bench.query(`update jobs set failure_reasons = $2 where id = $1`, [id, JSON.stringify(reasons)]);
  await bench.query(`update job_targets set code = 'A', target_id = case when ordinal = 1 then target_id end where job_id = $1`, [id]);
  await bench.query(`insert into job_targets (job_id, ordinal, outcome, target_id, code, message)
    select $1, 3 + n, 'failed', case n when 0 then $2::uuid end, 'B', 'bioText has no value.' from generate_series(0, 1) as n`, [id, prospectId]);
  await erase(prospectId);
  expect(await bench.query('select failure_reasons as reasons from jobs where id = $1', [id])).toEqual([{ reasons: [{ ...reasons[0], message: 'erased' }, ...reasons.slice(1)] }]);
});

test('twice is once', async () => {
  const { prospectId } = await known();
  await erase(prospectId);
  const before = await dump();
  await erase(prospectId);
  expect(await dump()).toBe(before);
});

test.each([
  ['with the same address', 'x,,,,ada@lovelace.example,'],
  ['with the address that mails went to before', 'x,,,,old-address@lovelace.example,'],
  ['with the same page', 'x,,,https://www.lovelace.example/about/,,'],
  ['with the same handle', 'x,social,github,,,ADA_L'],
])('whoever comes in again %s is excluded from the start', async (_, row) => {
  const { prospectId } = await known();
  await erase(prospectId);
  const source = (async function* () {
    yield Buffer.from(`display_name,source_type,source_platform,profile_url,email,username\n${row}\n`);
  })();
  await importRecords(context(), source, { format: 'csv', mapping: {}, dryRun: false, digest: null });
  expect(await bench.query(`select stage from prospects where display_name = 'x'`)).toEqual([{ stage: 'excluded' }]);
});

test('while a message is being sent it answers CONFLICT, and nothing is gone', async () => {
  const { prospectId, messageId } = await known();
  await bench.query(`set session_replication_role = replica; update email_messages set status = 'sending' where id = '${messageId}'; set session_replication_role = default`);
  const before = await dump();
  await expect(erase(prospectId)).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  expect(await dump()).toBe(before);
});

test('without SECRET_KEY it answers NOT_CONFIGURED, and nothing is gone', async () => {
  const { prospectId } = await known();
  await expect(eraseProspect({ ...context(), outreach: outreachOf({ secretKeys: [] }) }, { prospectId })).rejects.toMatchObject({ errors: [{ code: 'NOT_CONFIGURED' }] });
  expect((await bench.find(prospectId)).erased_at).toBeNull();
});

test('a link in a mail to somebody who was erased still unsubscribes', async () => {
  const { prospectId, messageId } = await known();
  await erase(prospectId);
  expect(await unsubscribe({ em: bench.bench.orm.em.fork(), outreach }, messageId)).toBe(true);
});

test('a late answer finds its message and brings nobody back', async () => {
  const { prospectId, messageId } = await known();
  await erase(prospectId);
  const late = mail({ From: 'someone@else.example', Subject: 'Re: x', 'In-Reply-To': ours });
  expect(await receiveMail({ em: bench.bench.orm.em.fork(), outreach }, { raw: Buffer.from(late), source: 'http' })).toMatchObject({ kind: 'reply', messageId });
  expect(await bench.stageOf(prospectId)).toBe('excluded');
});

test('who was erased cannot be filled again', async () => {
  const { prospectId } = await known();
  await erase(prospectId);
  const [{ updated_at }] = (await bench.query('select updated_at from prospects where id = $1', [prospectId])) as [{ updated_at: string }];
  await expect(updateProspect(context(), { prospectId, updatedAt: new Date(updated_at), email: 'a@b.example' })).rejects.toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
});

test('whose name is a word of ours breaks no job', async () => {
  const prospectId = await bench.prospect('email');
  await bench.query(`update prospects set display_name = 'Code' where id = $1`, [prospectId]);
  await bench.query(`insert into jobs (id, job_type, status, failure_reasons, parameters) values (gen_random_uuid(), 'draft', 'running', '[{"code": "X", "count": 1}]', '{"channel": "email"}')`);
  await erase(prospectId);
  expect(await bench.query('select failure_reasons, parameters from jobs')).toEqual([{ failure_reasons: [{ code: 'X', count: 1 }], parameters: { channel: 'email' } }]);
});

test('there is nobody to erase without a prospect', async () => {
  await expect(erase(randomUUID())).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
});
