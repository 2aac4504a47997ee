import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Channel, SuppressionKind } from '../../src/domain/enums.ts';
import { UserErrors, type UserError } from '../../src/domain/errors.ts';
import { suppressionHashes } from '../../src/domain/suppressionHash.ts';
import type { SendMessages } from '../../src/services/sending/sendMessages.ts';
import { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { addApprovedDrafts, mailOutreach, messagesOf, send } from './support.ts';

let bench: JobBench;
/** Nothing listens there: these tests only queue. */
const outreach = mailOutreach('smtp://127.0.0.1:1');

beforeAll(async () => {
  bench = await JobBench.open();
});
afterEach(async () => {
  await bench.query('truncate email_messages, email_drafts, job_chunks, job_targets, jobs, suppressions, idempotency_keys, prospects cascade');
});
afterAll(async () => {
  await bench.close();
});

const ids = (drafts: { id: string }[]) => drafts.map(({ id }) => id);

async function errorsOf(input: SendMessages, configuration = outreach): Promise<readonly UserError[]> {
  const error = await send(bench, configuration, input).then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserErrors);
  expect(await bench.query('select from jobs')).toHaveLength(0);
  expect(await messagesOf(bench)).toHaveLength(0);
  return (error as UserErrors).errors;
}

const suppress = (kind: SuppressionKind, value: string) =>
  bench.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), $1, $2, 'test')`, [kind, suppressionHashes(outreach.secretKeys, kind, value)[0]]);

describe('queueing', () => {
  it('copies the text that was approved, and gives each message the Message-ID that it keeps', async () => {
    const [draft] = await addApprovedDrafts(bench, 1);
    await send(bench, outreach, { draftIds: [draft!.id] });
    const [message] = await bench.query('select m.*, d.subject as ds, d.body as db, d.fingerprint as df from email_messages m join email_drafts d on d.id = m.draft_id');
    expect(message).toMatchObject({ status: 'queued', subject: message!['ds'], body: message!['db'], fingerprint: message!['df'], recipient: draft!.recipient });
    expect(message!['message_id']).toBe(`<${message!['id']}@sender.example>`);
  });

  it('takes every approved draft of the channel, or of a job, or the oldest of them', async () => {
    const drafts = await addApprovedDrafts(bench, 5);
    await bench.query(`update email_drafts set status = 'pending_review', approved_fingerprint = null where id = $1`, [drafts[4]!.id]);
    const { jobId } = await send(bench, outreach, { expectedCount: 4, limit: 3 });
    expect(await bench.job(jobId)).toMatchObject({ total_targets: 3 });
    expect(await messagesOf(bench)).toHaveLength(3);
    const rest = await send(bench, outreach, { expectedCount: 4 });
    expect(await bench.job(rest.jobId)).toMatchObject({ total_targets: 4 });
    expect(await messagesOf(bench)).toHaveLength(4);
    const skipped = await bench.query('select code from job_targets where job_id = $1', [rest.jobId]);
    expect(skipped).toEqual(Array.from({ length: 3 }, () => ({ code: 'ALREADY_QUEUED' })));
  });

  it('takes only the drafts that a job wrote', async () => {
    const drafts = await addApprovedDrafts(bench, 2);
    const [job] = await bench.query<{ id: string }>(`insert into jobs (id, job_type, status, finished_at) values (gen_random_uuid(), 'draft', 'succeeded', now()) returning id`);
    await bench.query('update email_drafts set job_id = $1 where id = $2', [job!.id, drafts[1]!.id]);
    await send(bench, outreach, { jobId: job!.id, expectedCount: 1 });
    expect((await messagesOf(bench)).map(({ draft_id }) => draft_id)).toEqual([drafts[1]!.id]);
  });

  it('answers STALE when there are more or fewer than were seen', async () => {
    await addApprovedDrafts(bench, 2);
    expect(await errorsOf({ expectedCount: 3 })).toMatchObject([{ code: 'STALE', field: ['input', 'expectedCount'] }]);
  });

  it('starts one job for one idempotencyKey', async () => {
    const draftIds = ids(await addApprovedDrafts(bench, 2));
    const [first, second] = await Promise.all([1, 2].map(() => send(bench, outreach, { draftIds, idempotencyKey: 'once' })));
    expect(first).toEqual(second);
    expect(await messagesOf(bench)).toHaveLength(2);
    await expect(send(bench, outreach, { expectedCount: 2, idempotencyKey: 'once' })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  });

  it('queues a draft once, however many ask for it at once', async () => {
    const drafts = await addApprovedDrafts(bench, 20);
    await Promise.all(Array.from({ length: 4 }, () => send(bench, outreach, { expectedCount: 20 })));
    const messages = await messagesOf(bench);
    expect(messages).toHaveLength(20);
    expect(new Set(messages.map(({ draft_id }) => draft_id))).toEqual(new Set(ids(drafts)));
    const [counts] = await bench.query(`select sum(target_count)::int as targets, count(*) filter (where state = 'ready')::int as ready, sum(skipped_count)::int as skipped from job_chunks`);
    expect(counts).toEqual({ targets: 80, ready: 20, skipped: 60 });
  });

  it('takes thousands in one call', async () => {
    await addApprovedDrafts(bench, 4_500);
    const { jobId } = await send(bench, outreach, { expectedCount: 4_500 });
    const [counts] = await bench.query(`select count(*)::int as messages, count(distinct chunk)::int as chunks, min(chunk) as first, max(chunk) as last from email_messages where job_id = $1`, [jobId]);
    expect(counts).toEqual({ messages: 4_500, chunks: 4_500, first: 1, last: 4_500 });
  });
});

describe('what cannot be sent', () => {
  it('without configuration names every variable that is missing', async () => {
    const [draft] = await addApprovedDrafts(bench, 1);
    const [error] = await errorsOf({ draftIds: [draft!.id] }, outreachOf({ secretKeys: [] }));
    expect(error).toMatchObject({ code: 'NOT_CONFIGURED' });
    for (const name of ['SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL', 'SECRET_KEY']) expect(error!.message).toContain(name);
    const [one] = await errorsOf({ draftIds: [draft!.id] }, { ...outreach, smtpUrl: undefined });
    expect(one!.message).toContain('SMTP_URL');
    expect(one!.message).not.toContain('MAIL_FROM');
  });

  it('needs a selection that says what it is', async () => {
    const [draft] = await addApprovedDrafts(bench, 1);
    const id = draft!.id;
    expect(await errorsOf({})).toMatchObject([{ code: 'INVALID', field: ['input', 'expectedCount'] }]);
    expect(await errorsOf({ draftIds: [] })).toMatchObject([{ code: 'INVALID', field: ['input', 'draftIds'] }]);
    expect(await errorsOf({ draftIds: Array(1_001).fill(id) })).toMatchObject([{ code: 'INVALID', field: ['input', 'draftIds'] }]);
    expect(await errorsOf({ draftIds: [id], limit: 1 })).toMatchObject([{ code: 'INVALID', field: ['input', 'limit'] }]);
    expect(await errorsOf({ draftIds: [id], jobId: id })).toMatchObject([{ code: 'INVALID', field: ['input', 'jobId'] }]);
    expect(await errorsOf({ expectedCount: 1, limit: 0 })).toMatchObject([{ code: 'INVALID', field: ['input', 'limit'] }]);
    expect(await errorsOf({ expectedCount: 1, limit: -1 })).toMatchObject([{ code: 'INVALID', field: ['input', 'limit'] }]);
  });

  const changes: [string, string, object][] = [
    ['not approved', `update email_drafts set status = 'pending_review', approved_fingerprint = null where id = $1`, { code: 'ILLEGAL_TRANSITION', allowed: ['APPROVED', 'REJECTED'] }],
    ['for another address than the prospect has now', `update prospects set email = 'new@recipient.example' where id = (select prospect_id from email_drafts where id = $1)`, { code: 'STALE' }],
    ['for a prospect without an address', `update prospects set email = null where id = (select prospect_id from email_drafts where id = $1)`, { code: 'STALE' }],
    ['for a prospect who must not be contacted', `update prospects set excluded_at = now() where id = (select prospect_id from email_drafts where id = $1)`, { code: 'SUPPRESSED' }],
    ['for a prospect who has replied', `update prospects set replied_at = now() where id = (select prospect_id from email_drafts where id = $1)`, { code: 'CONFLICT' }],
    ['for a prospect whose approval was taken back', `update prospects set review_status = 'pending' where id = (select prospect_id from email_drafts where id = $1)`, { code: 'CONFLICT' }],
  ];

  it.each(changes)('a named draft %s is told with its place, and nothing is queued', async (_, change, error) => {
    const drafts = await addApprovedDrafts(bench, 2);
    await bench.query(change, [drafts[1]!.id]);
    expect(await errorsOf({ draftIds: ids(drafts) })).toMatchObject([{ ...error, field: ['input', 'draftIds', '1'], target: expect.any(String) }]);
  });

  it.each(changes.slice(1))('a draft %s that a filter selects is skipped with the reason', async (_, change) => {
    const drafts = await addApprovedDrafts(bench, 2);
    await bench.query(change, [drafts[1]!.id]);
    const { jobId } = await send(bench, outreach, { expectedCount: 2 });
    expect((await messagesOf(bench)).map(({ draft_id }) => draft_id)).toEqual([drafts[0]!.id]);
    const [target] = await bench.query('select outcome, code, message, target_id from job_targets where job_id = $1', [jobId]);
    expect(target).toEqual({ outcome: 'skipped', code: expect.any(String), message: expect.stringMatching(/\.$/), target_id: drafts[1]!.prospectId });
  });

  it('a draft that is not there, and one that is on its way, are told', async () => {
    const [draft] = await addApprovedDrafts(bench, 1);
    const missing = '0190a0a0-0000-7000-8000-000000000001';
    expect(await errorsOf({ draftIds: [missing] })).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await errorsOf({ draftIds: [draft!.id], channel: Channel.SOCIAL })).toMatchObject([{ code: 'NOT_FOUND' }]);
    await send(bench, outreach, { draftIds: [draft!.id] });
    await expect(send(bench, outreach, { draftIds: [draft!.id] })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT', field: ['input', 'draftIds', '0'] }] });
  });

  it.each([
    ['address', SuppressionKind.EMAIL, 'p1@example.org'],
    ['domain', SuppressionKind.DOMAIN, 'example.org'],
  ])('a recipient whose %s is suppressed is told when named, and skipped when selected', async (_, kind, value) => {
    const drafts = await addApprovedDrafts(bench, 1);
    await suppress(kind, value);
    expect(await errorsOf({ draftIds: ids(drafts) })).toMatchObject([{ code: 'SUPPRESSED' }]);
    const { jobId } = await send(bench, outreach, { expectedCount: 1 });
    expect(await messagesOf(bench)).toHaveLength(0);
    expect(await bench.query('select code from job_targets where job_id = $1', [jobId])).toEqual([{ code: 'SUPPRESSED' }]);
  });
});
