import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { mailOutreach, openMailSink, type MailSink } from '../sending/support.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

/** Incident: the tables of the social pipeline are missing. The website pipeline goes on, with all its steps. */
let database: TestDatabase;
let sink: MailSink;
let api: Api;
let worker: Worker;

beforeAll(async () => {
  [database, sink] = await Promise.all([createTestDatabase(), openMailSink()]);
  await queryOnce(database.url, 'drop table social_messages, social_draft_versions, social_drafts, social_discovery_jobs, social_profiles cascade');
  const outreach = mailOutreach(sink.url);
  api = await startApi(database.url, outreach);
  worker = startWorker({ orm: api.orm, url: database.url, log: createLogger('silent'), outreach });
  const { data } = await api.ask('{ schemaHealth(refresh: true) { status features { feature ready } } }');
  expect(data.schemaHealth.status).toBe('BROKEN');
  const ready = Object.fromEntries(data.schemaHealth.features.map(({ feature, ready: isReady }: any) => [feature, isReady]));
  expect(ready).toMatchObject({ WEBSITE_PIPELINE: true, SOCIAL_PIPELINE: false });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
  await Promise.all([sink.close(), database.drop()]);
});

async function act(name: string, input: object, answer: string): Promise<any> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await api.ask(`mutation ($input: ${type}!) { result: ${name}(input: $input) { ${answer} userErrors { code message field } } }`, { input });
  expect({ name, errors, userErrors: data?.result?.userErrors }).toEqual({ name, errors: undefined, userErrors: [] });
  return data.result;
}

async function runJob(name: string, input: object): Promise<any> {
  const { job } = await act(name, input, 'job { id }');
  return waitFor(async () => {
    const { data } = await api.ask('query ($id: ID!) { job(id: $id) { status doneCount skippedCount failedCount failures { nodes { message } } } }', { id: job.id });
    return /SUCCEEDED|COMPLETED|FAILED/.test(data.job.status) ? data.job : null;
  }, { timeoutMs: 30_000 });
}

const read = async (query: string, variables?: object) => {
  const { data, errors } = await api.ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
};
const stagesOf = async () =>
  Object.fromEntries((await read('{ prospects { nodes { displayName stage } } }')).prospects.nodes.map(({ displayName, stage }: any) => [displayName, stage]));

test('every step of the website pipeline works: import, review, draft, edit, approve, send, answer, follow up, cancel, suppress', async () => {
  await runJob('importProspects', { format: 'CSV', data: 'name,url,email\nAda,https://ada.example.org,ada@example.org\nBob,https://bob.example.org,bob@example.org\nCyd,https://cyd.example.org,cyd@example.org\n' });
  await act('createProspect', { displayName: 'Dan', profileUrl: 'https://dan.example.org', email: 'dan@example.org' }, 'prospect { id }');
  await act('reviewProspects', { filter: {}, expectedCount: 4, decision: 'APPROVE' }, 'changedCount');
  const { batch } = await act('reviewProspects', { filter: { search: 'Dan' }, expectedCount: 1, decision: 'REJECT', reason: 'not now' }, 'batch');
  await act('reviewProspects', { batch, decision: 'REOPEN' }, 'changedCount');
  expect(await runJob('startDraftJob', { expectedCount: 3, subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'Hello {{ displayName }}, how are you?' })).toMatchObject({ status: 'SUCCEEDED', doneCount: 3 });

  const { drafts } = await read('{ drafts(channel: EMAIL) { totalCount nodes { id fingerprint version prospect { displayName } } } }');
  expect(drafts.totalCount).toBe(3);
  const [first] = drafts.nodes;
  const { draft: edited } = await act('updateDraft', { id: first.id, version: first.version, body: 'Hello again, how are you?' }, 'draft { fingerprint }');
  await act('reviewDrafts', {
    decision: 'APPROVE', drafts: drafts.nodes.map(({ id, fingerprint }: any) => ({ id, fingerprint: id === first.id ? edited.fingerprint : fingerprint })),
  }, 'drafts { status }');
  expect(await stagesOf()).toEqual({ Ada: 'APPROVED', Bob: 'APPROVED', Cyd: 'APPROVED', Dan: 'DISCOVERED' });

  expect(await runJob('sendMessages', { expectedCount: 3 })).toMatchObject({ status: 'SUCCEEDED', doneCount: 3 });
  expect(sink.received).toHaveLength(3);
  const { messages } = await read('{ messages(filter: { channel: EMAIL }) { totalCount nodes { id status prospect { displayName } } } }');
  expect(messages.totalCount).toBe(3);
  const messageTo = (name: string) => messages.nodes.find(({ prospect }: any) => prospect.displayName === name).id;
  await act('resolveMessage', { id: messageTo('Ada'), resolution: 'REPLIED' }, 'message { status }');

  await api.sql(`update email_messages set sent_at = sent_at - interval '5 days'`);
  expect(await runJob('followUp', { afterDays: 4, bodyTemplate: 'Still there, {{ displayName }}?' })).toMatchObject({ status: 'SUCCEEDED', doneCount: 2 });
  const followUps = (await read('{ drafts(channel: EMAIL, filter: { isFollowUp: true }) { nodes { id fingerprint prospect { displayName id } } } }')).drafts.nodes;
  await act('reviewDrafts', { decision: 'APPROVE', drafts: followUps.map(({ id, fingerprint }: any) => ({ id, fingerprint })) }, 'drafts { status }');
  await api.sql(`insert into settings (key, value) values ('sending.email', '{"dailyCap": 0}')`);
  const { job } = await act('sendMessages', { expectedCount: 2 }, 'job { id }');
  const queued = (await read('{ messages(filter: { channel: EMAIL, status: [QUEUED] }) { nodes { id prospect { displayName } } } }')).messages.nodes;
  await act('cancelMessage', { id: queued.find(({ prospect }: any) => prospect.displayName === 'Bob').id }, 'message { status }');
  await act('suppress', { email: 'cyd@example.org', reason: 'asked' }, 'excludedCount');
  await waitFor(async () => (await read('query ($id: ID!) { job(id: $id) { status } }', { id: job.id })).job.status === 'SUCCEEDED');
  expect(await stagesOf()).toEqual({ Ada: 'REPLIED', Bob: 'SENT', Cyd: 'EXCLUDED', Dan: 'DISCOVERED' });
  expect(sink.received).toHaveLength(3);
});

test.each([
  ['socialProfiles', '{ result: socialProfiles { totalCount } }'],
  ['drafts of the social channel', '{ result: drafts(channel: SOCIAL) { totalCount } }'],
  ['messages of both channels', '{ result: messages { totalCount } }'],
  ['a social draft job', 'mutation { result: startDraftJob(input: { channel: SOCIAL, expectedCount: 0 }) { job { id } } }'],
  ['sending social messages', 'mutation { result: sendMessages(input: { channel: SOCIAL, expectedCount: 0 }) { job { id } } }'],
  ['a social follow-up', 'mutation { result: followUp(input: { channel: SOCIAL }) { job { id } } }'],
])('%s: SCHEMA_NOT_READY, which names what is missing and what mends it', async (_, query) => {
  const { data, errors } = await api.ask(query);
  expect(data?.result ?? null).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY', missing: expect.arrayContaining([expect.stringContaining('social_')]), fix: expect.stringContaining('schema repair') } }]);
});
