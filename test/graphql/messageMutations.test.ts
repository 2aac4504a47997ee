import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { messageTransitions } from '../../src/domain/transitions.ts';
import { MessageStatus } from '../../src/domain/enums.ts';
import { queueMessage, type QueuedMessage } from '../support/queueMessage.ts';
import { startApi, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const global = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString('base64url');

async function resolve(message: string, resolution: string) {
  const { data, errors } = await api.ask(
    `mutation ($input: ResolveMessageInput!) { resolveMessage(input: $input) { message { status sentAt error prospect { stage } draft { status } } userErrors { code message field target allowed } } }`,
    { input: { id: global('Message', message), resolution } },
  );
  expect(errors).toBeUndefined();
  return data.resolveMessage;
}

async function cancel(id: string) {
  const { data, errors } = await api.ask(
    `mutation ($id: ID!) { cancelMessage(input: { id: $id }) { message { status error blockedBy draft { status } } userErrors { code message field target allowed } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  return data.cancelMessage;
}

const jobOf = async ({ job }: QueuedMessage) => (await api.sql('select status, done_count, failed_count, skipped_count, processed from jobs where id = $1', [job]))[0];
const activitiesOf = async (id: string) =>
  (await api.sql('select actor, action, from_state, to_state, details from activities where subject_id = $1 order by created_at, id', [id])).map(({ actor, action, from_state, to_state }) =>
    `${actor}: ${action} ${from_state}>${to_state}`);
const statusOf = async (table: string, id: string) => (await api.sql(`select status from ${table} where id = $1`, [id]))[0].status;

test.each(['email', 'social'] as const)('a waiting %s message is cancelled: its chunk is skipped, its job ends, its draft stays approved and may be sent again', async (channel) => {
  for (const status of ['queued', 'deferred'] as const) {
    const queued = await queueMessage(api.sql, { channel, status });
    expect(await cancel(global('Message', queued.message))).toEqual({ message: { status: 'CANCELLED', error: null, blockedBy: null, draft: { status: 'APPROVED' } }, userErrors: [] });
    expect(await jobOf(queued)).toEqual({ status: 'succeeded', done_count: 0, failed_count: 0, skipped_count: 1, processed: 1 });
    expect(await activitiesOf(queued.message)).toEqual([`admin: message.cancelled ${status}>cancelled`]);
    await api.sql(`insert into ${channel}_messages (id, draft_id, body, recipient, ${channel === 'email' ? 'prospect_id, subject, message_id' : 'social_profile_id'})
      select gen_random_uuid(), draft_id, body, recipient, ${channel === 'email' ? `prospect_id, subject, message_id || '2'` : 'social_profile_id'} from ${channel}_messages where id = $1`, [queued.message]);
  }
});

test('cancelling one message of a job leaves the others waiting and the job running', async () => {
  const first = await queueMessage(api.sql);
  const second = await queueMessage(api.sql, { job: first.job });
  await cancel(global('Message', first.message));
  expect(await jobOf(first)).toMatchObject({ status: 'running', skipped_count: 1, processed: 1 });
  expect(await statusOf('email_messages', second.message)).toBe('queued');
});

test.each(Object.values(MessageStatus).filter((status) => !['queued', 'deferred'].includes(status)))('a message that is %s cannot be cancelled, and the answer says what it can become', async (status) => {
  const { message } = await queueMessage(api.sql, { status });
  const { userErrors, message: shown } = await cancel(global('Message', message));
  expect(shown.status).toBe(status.toUpperCase());
  expect(userErrors).toEqual([
    {
      code: 'ILLEGAL_TRANSITION', message: expect.stringContaining(`${status.toUpperCase()} and cannot become CANCELLED`), field: ['input', 'id'],
      target: global('Message', message), allowed: messageTransitions[status].map((to) => to.toUpperCase()),
    },
  ]);
  expect(await activitiesOf(message)).toEqual([]);
});

test.each(['nonsense', global('Message', '01900000-0000-7000-8000-000000000000'), global('Draft', '01900000-0000-7000-8000-000000000000')])('there is no message %s', async (id) => {
  expect(await cancel(id)).toEqual({ message: null, userErrors: [expect.objectContaining({ code: 'NOT_FOUND', field: ['input', 'id'] })] });
});

test.each(['email', 'social'] as const)('a queued %s message that a person sent is sent, with its draft, its projection, its prospect, its chunk and its job', async (channel) => {
  const queued = await queueMessage(api.sql, { channel });
  const answer = await resolve(queued.message, 'SENT');
  expect(answer).toEqual({ message: { status: 'SENT', sentAt: expect.any(String), error: null, prospect: { stage: 'SENT' }, draft: { status: 'SENT' } }, userErrors: [] });
  expect(await jobOf(queued)).toEqual({ status: 'succeeded', done_count: 1, failed_count: 0, skipped_count: 0, processed: 1 });
  expect(await activitiesOf(queued.message)).toEqual(['admin: message.sent queued>sent']);
  expect(await activitiesOf(queued.draft)).toEqual(['admin: draft.sent approved>sent']);
  const [projected] = await api.sql(`select draft_status from ${channel === 'email' ? 'prospects' : 'social_profiles'} where id = $1`, [queued.profile ?? queued.prospect]);
  expect(projected.draft_status).toBe('sent');
});

test('a follow-up that was sent moves its prospect on and does not touch the projection of the first draft', async () => {
  const queued = await queueMessage(api.sql, { channel: 'social', isFollowUp: true });
  const answer = await resolve(queued.message, 'SENT');
  expect(answer.message).toMatchObject({ status: 'SENT', prospect: { stage: 'FOLLOWED_UP' }, draft: { status: 'SENT' } });
  expect((await api.sql('select draft_status from social_profiles where id = $1', [queued.profile]))[0].draft_status).toBe('approved');
});

test('what was sent by hand is not sent while its draft is not approved with that text, and nothing changes', async () => {
  const queued = await queueMessage(api.sql);
  await api.sql(`update email_drafts set status = 'pending_review' where id = $1`, [queued.draft]);
  const { message, userErrors } = await resolve(queued.message, 'SENT');
  expect(userErrors).toEqual([expect.objectContaining({ code: 'CONFLICT', target: global('Draft', queued.draft) })]);
  expect(message).toMatchObject({ status: 'QUEUED', sentAt: null });
  expect(await activitiesOf(queued.message)).toEqual([]);
  expect(await jobOf(queued)).toMatchObject({ status: 'running', processed: 0 });
});

test('an unknown outcome that a person found sent is sent when it was handed over, and its job keeps what it counted', async () => {
  const queued = await queueMessage(api.sql, { status: 'outcome_unknown' });
  await api.sql(`update email_messages set handed_over_at = '2026-05-01T10:00:00Z' where id = $1`, [queued.message]);
  await api.sql(`update job_chunks set state = 'done', failed_count = 1 where job_id = $1`, [queued.job]);
  const { message } = await resolve(queued.message, 'SENT');
  expect(message).toMatchObject({ status: 'SENT', sentAt: '2026-05-01T10:00:00.000Z', prospect: { stage: 'SENT' }, draft: { status: 'SENT' } });
  expect(await jobOf(queued)).toMatchObject({ failed_count: 1, done_count: 0, processed: 1 });
});

test('an unknown outcome that a person found not sent has failed, and its draft may be sent again', async () => {
  const queued = await queueMessage(api.sql, { status: 'outcome_unknown' });
  expect((await resolve(queued.message, 'NOT_SENT')).message).toMatchObject({ status: 'FAILED', sentAt: null, prospect: { stage: 'APPROVED' }, draft: { status: 'APPROVED' } });
  expect(await activitiesOf(queued.message)).toEqual(['admin: message.failed outcome_unknown>failed']);
});

test.each(['sent', 'outcome_unknown'] as const)('an answer to a message that is %s makes its prospect replied and cancels what waits on both channels', async (status) => {
  const answered = await queueMessage(api.sql, { status });
  const mail = await queueMessage(api.sql, { prospect: answered.prospect, isFollowUp: true });
  const note = await queueMessage(api.sql, { channel: 'social', status: 'deferred', prospect: answered.prospect });
  const other = await queueMessage(api.sql);
  expect((await resolve(answered.message, 'REPLIED')).message).toMatchObject({ status: 'REPLIED', sentAt: expect.any(String), prospect: { stage: 'REPLIED' } });
  expect(await statusOf('email_messages', mail.message)).toBe('cancelled');
  expect(await statusOf('social_messages', note.message)).toBe('cancelled');
  expect(await statusOf('email_messages', other.message)).toBe('queued');
  expect((await api.sql(`select draft_status from prospects where id = $1`, [answered.prospect]))[0].draft_status).toBe(status === 'sent' ? 'approved' : 'sent');
});

const legal: Record<string, readonly string[]> = { SENT: ['queued', 'outcome_unknown'], NOT_SENT: ['outcome_unknown'], REPLIED: ['sent', 'outcome_unknown'] };
const illegal = Object.values(MessageStatus).flatMap((status) => Object.keys(legal).filter((resolution) => !legal[resolution]!.includes(status)).map((resolution) => [status, resolution] as const));

test.each(illegal)('a message that is %s cannot be resolved as %s', async (status, resolution) => {
  const { message } = await queueMessage(api.sql, { status });
  const { userErrors, message: shown } = await resolve(message, resolution);
  expect(shown.status).toBe(status.toUpperCase());
  expect(userErrors).toEqual([
    expect.objectContaining({ code: 'ILLEGAL_TRANSITION', target: global('Message', message), allowed: messageTransitions[status].map((to) => to.toUpperCase()) }),
  ]);
  expect(userErrors[0].message).toContain(status === 'sending' && resolution !== 'REPLIED' ? 'its sender says' : 'cannot become');
  expect(await activitiesOf(message)).toEqual([]);
});

test('of many that resolve and cancel one message at once exactly one wins', async () => {
  for (let round = 0; round < 5; round += 1) {
    const queued = await queueMessage(api.sql, { channel: round % 2 ? 'social' : 'email' });
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => resolve(queued.message, 'SENT')),
      ...Array.from({ length: 4 }, () => cancel(global('Message', queued.message))),
    ]);
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors).every(({ code }) => code === 'ILLEGAL_TRANSITION')).toBe(true);
    expect(await activitiesOf(queued.message)).toHaveLength(1);
    expect(await jobOf(queued)).toMatchObject({ status: 'succeeded', processed: 1 });
  }
});

test('an answer that comes while the follow-up is marked as sent deadlocks with nobody', async () => {
  for (let round = 0; round < 8; round += 1) {
    const answered = await queueMessage(api.sql, { status: 'sent' });
    const next = await queueMessage(api.sql, { prospect: answered.prospect, isFollowUp: true });
    const [reply, sent] = await Promise.all([resolve(answered.message, 'REPLIED'), resolve(next.message, 'SENT')]);
    expect(reply.userErrors).toEqual([]);
    expect(['sent', 'cancelled']).toContain(await statusOf('email_messages', next.message));
    expect(sent.userErrors.length).toBe((await statusOf('email_messages', next.message)) === 'sent' ? 0 : 1);
  }
});

test('a webhook that wants it hears what was sent and answered, without personal data', async () => {
  await api.sql(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'https://example.org/hook', '{message.sent,message.replied}', 's')`);
  const queued = await queueMessage(api.sql);
  await resolve(queued.message, 'SENT');
  await resolve(queued.message, 'REPLIED');
  const events = await api.sql('select event, payload from webhook_deliveries order by created_at, id');
  const payload = {
    messageId: global('Message', queued.message), channel: 'EMAIL', isFollowUp: false, prospectId: global('Prospect', queued.prospect),
    draftId: global('Draft', queued.draft), jobId: global('Job', queued.job),
  };
  expect(events).toEqual([{ event: 'message.sent', payload }, { event: 'message.replied', payload }]);
});

test('an e-mail is resolved and cancelled while the social messages cannot be read; a social one says what is missing', async () => {
  const [mail, other, answered] = [await queueMessage(api.sql), await queueMessage(api.sql), await queueMessage(api.sql, { status: 'sent' })];
  const { message: note } = await queueMessage(api.sql, { channel: 'social' });
  await api.sql('alter table social_messages rename to gone_away');
  try {
    expect((await resolve(mail.message, 'SENT')).userErrors).toEqual([]);
    expect((await cancel(global('Message', other.message))).userErrors).toEqual([]);
    expect((await resolve(answered.message, 'REPLIED')).userErrors).toEqual([]);
    const { errors } = await api.ask('mutation ($id: ID!) { cancelMessage(input: { id: $id }) { userErrors { code } } }', { id: global('Message', note) });
    expect(errors).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['social_messages'] } }]);
  } finally {
    await api.sql('alter table gone_away rename to social_messages');
  }
});

test('only an operator decides', async () => {
  const { message } = await queueMessage(api.sql);
  const { errors } = await api.ask('mutation ($id: ID!) { cancelMessage(input: { id: $id }) { userErrors { code } } }', { id: global('Message', message) }, 'nobody');
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
