import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { WebhookServer } from '../support/webhookServer.ts';
import { startApi, type Api } from './support.ts';

let hook: WebhookServer;
let byWebhook: Api;
let byHand: Api;
const workers: Worker[] = [];

beforeAll(async () => {
  hook = await WebhookServer.open();
  const outreach = outreachOf({ socialWebhook: hook.webhook });
  [byWebhook, byHand] = await Promise.all([startApi(undefined, outreach), startApi()]);
  const log = createLogger('silent');
  workers.push(
    startWorker({ orm: byWebhook.orm, url: byWebhook.databaseUrl, log, outreach }),
    startWorker({ orm: byHand.orm, url: byHand.databaseUrl, log, outreach: outreachOf() }),
  );
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([byWebhook.stop(), byHand.stop(), hook.close()]);
});

/** A mutation that has to succeed; answers its payload. */
async function act(api: Api, name: string, input: object, answer: string): Promise<any> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await api.ask(`mutation ($input: ${type}!) { result: ${name}(input: $input) { ${answer} userErrors { code message field } } }`, { input });
  expect({ errors, userErrors: data?.result.userErrors }).toEqual({ errors: undefined, userErrors: [] });
  return data.result;
}

const runJob = async (api: Api, name: string, input: object): Promise<any> => {
  const { job } = await act(api, name, input, 'job { id }');
  return jobWhen(api, job.id, ({ status }) => /SUCCEEDED|COMPLETED|FAILED/.test(status));
};

const jobWhen = (api: Api, id: string, isReached: (job: any) => boolean): Promise<any> =>
  waitFor(async () => {
    const { data } = await api.ask('query ($id: ID!) { job(id: $id) { id status processed doneCount failedCount skippedCount totalTargets } }', { id });
    return isReached(data.job) ? data.job : null;
  }, { timeoutMs: 30_000 });

/** Name → stage, and the stage counts that must say the same. */
async function stages(api: Api): Promise<Record<string, string>> {
  const { data } = await api.ask('{ prospects(first: 100) { totalCount nodes { displayName stage } } pipelineStatus { total stages { stage count } } }');
  const { total, stages: counts } = data.pipelineStatus;
  expect(counts.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(total);
  const found = data.prospects.nodes;
  for (const { stage, count } of counts) expect({ stage, count }).toEqual({ stage, count: found.filter((row: any) => row.stage === stage).length });
  return Object.fromEntries(found.map(({ displayName, stage }: any) => [displayName, stage]));
}

const draftsOf = async (api: Api, filter = '') =>
  (await api.ask(`{ drafts(channel: SOCIAL${filter}) { nodes { id body status fingerprint isFollowUp recipient problems prospect { displayName } socialProfile { username } } } }`)).data.drafts.nodes;
const messagesOf = async (api: Api, filter = '') =>
  (await api.ask(`{ messages(filter: { channel: SOCIAL${filter} }) { nodes { id status isFollowUp body recipient blockedBy sentAt prospect { displayName } draft { status } } } }`)).data.messages.nodes;

async function discoverReviewDraftApprove(api: Api): Promise<string[]> {
  const imported = await runJob(api, 'importProspects', { format: 'CSV', data: 'name,platform,username,url\nAda,github,@ada,\nBob,LinkedIn,,https://www.linkedin.com/in/Bob-B/?x=1\n' });
  expect(imported).toMatchObject({ status: 'SUCCEEDED', processed: 2 });
  await act(api, 'createProspect', { sourceType: 'SOCIAL', sourcePlatform: 'MASTODON', displayName: 'Cyd', username: '@cyd@mastodon.social' }, 'prospect { id }');
  expect(await stages(api)).toEqual({ Ada: 'DISCOVERED', Bob: 'DISCOVERED', Cyd: 'DISCOVERED' });
  const { data } = await api.ask('{ prospects { nodes { displayName socialProfiles { platform username profileUrl prospect { displayName } } } } }');
  for (const { displayName, socialProfiles } of data.prospects.nodes) expect(socialProfiles).toMatchObject([{ prospect: { displayName } }]);

  await act(api, 'reviewProspects', { filter: { sourceType: 'SOCIAL' }, expectedCount: 3, decision: 'APPROVE' }, 'changedCount');
  expect(await stages(api)).toEqual({ Ada: 'REVIEWED', Bob: 'REVIEWED', Cyd: 'REVIEWED' });

  const drafted = await runJob(api, 'startDraftJob', { channel: 'SOCIAL', expectedCount: 3, bodyTemplate: 'Hi {{ profile.username }}, {{ displayName }}!' });
  expect(drafted).toMatchObject({ status: 'SUCCEEDED', doneCount: 3 });
  expect(await stages(api)).toEqual({ Ada: 'DRAFTED', Bob: 'DRAFTED', Cyd: 'DRAFTED' });
  const drafts = await draftsOf(api);
  expect(Object.fromEntries(drafts.map(({ prospect, body }: any) => [prospect.displayName, body]))).toEqual({
    Ada: 'Hi ada, Ada!', Bob: 'Hi Bob-B, Bob!', Cyd: 'Hi cyd@mastodon.social, Cyd!',
  });

  await act(api, 'reviewDrafts', { decision: 'APPROVE', drafts: drafts.map(({ id, fingerprint }: any) => ({ id, fingerprint })) }, 'drafts { status }');
  expect(await stages(api)).toEqual({ Ada: 'APPROVED', Bob: 'APPROVED', Cyd: 'APPROVED' });
  return drafts.map(({ id }: any) => id);
}

/** As if the first messages had been sent some days ago. */
const daysLater = (api: Api) => api.sql(`update social_messages set sent_at = sent_at - interval '5 days' where sent_at is not null`);

async function approveFollowUps(api: Api): Promise<void> {
  const followUps = await draftsOf(api, ', filter: { isFollowUp: true, status: [PENDING_REVIEW] }');
  await act(api, 'reviewDrafts', { decision: 'APPROVE', drafts: followUps.map(({ id, fingerprint }: any) => ({ id, fingerprint })) }, 'drafts { status }');
}

test('with a webhook: imported, reviewed, drafted for, approved, sent, followed up, answered; the stages are right at each step', async () => {
  const api = byWebhook;
  await discoverReviewDraftApprove(api);
  expect(await runJob(api, 'sendMessages', { channel: 'SOCIAL', expectedCount: 3 })).toMatchObject({ status: 'SUCCEEDED', doneCount: 3 });
  expect(await stages(api)).toEqual({ Ada: 'SENT', Bob: 'SENT', Cyd: 'SENT' });
  expect(hook.received).toHaveLength(3);
  expect(hook.received.every((post) => hook.isSigned(post))).toBe(true);
  const posts = hook.received.map(({ body }) => JSON.parse(body));
  expect(posts.map(({ platform, body, isFollowUp }) => [platform, body, isFollowUp]).sort()).toEqual([
    ['GITHUB', 'Hi ada, Ada!', false], ['LINKEDIN', 'Hi Bob-B, Bob!', false], ['MASTODON', 'Hi cyd@mastodon.social, Cyd!', false],
  ]);
  expect((await messagesOf(api)).map(({ id }: any) => id).sort()).toEqual(posts.map(({ id }) => id).sort());

  const [bob] = (await messagesOf(api)).filter(({ prospect }: any) => prospect.displayName === 'Bob');
  await act(api, 'resolveMessage', { id: bob.id, resolution: 'REPLIED' }, 'message { status }');
  expect(await stages(api)).toMatchObject({ Bob: 'REPLIED' });

  await daysLater(api);
  expect(await runJob(api, 'followUp', { channel: 'SOCIAL', afterDays: 4, bodyTemplate: 'Still there, {{ profile.username }}?' })).toMatchObject({ doneCount: 2 });
  expect(await stages(api)).toEqual({ Ada: 'SENT', Bob: 'REPLIED', Cyd: 'SENT' });
  await approveFollowUps(api);
  expect(await runJob(api, 'sendMessages', { channel: 'SOCIAL', expectedCount: 2 })).toMatchObject({ status: 'SUCCEEDED', doneCount: 2 });
  expect(await stages(api)).toEqual({ Ada: 'FOLLOWED_UP', Bob: 'REPLIED', Cyd: 'FOLLOWED_UP' });
  expect(hook.received.slice(3).map(({ body }) => JSON.parse(body)).map(({ body, isFollowUp }) => [body, isFollowUp]).sort()).toEqual([
    ['Still there, ada?', true], ['Still there, cyd@mastodon.social?', true],
  ]);
});

test('by hand: what is to be sent says how, is marked as sent, followed up and answered; the stages are right at each step', async () => {
  const api = byHand;
  const draftIds = await discoverReviewDraftApprove(api);
  const { job } = await act(api, 'sendMessages', { channel: 'SOCIAL', draftIds }, 'job { id }');
  const waiting = await messagesOf(api, ', isBlocked: true, status: [QUEUED]');
  expect(waiting).toHaveLength(3);
  for (const message of waiting) {
    expect(message).toMatchObject({ blockedBy: expect.stringMatching(/^To be sent by hand: copy the text, open the profile/), recipient: expect.stringMatching(/^https:/) });
  }
  await jobWhen(api, job.id, ({ status }) => status === 'RUNNING');
  expect(await stages(api)).toEqual({ Ada: 'APPROVED', Bob: 'APPROVED', Cyd: 'APPROVED' });

  const messageTo = (name: string) => waiting.find(({ prospect }: any) => prospect.displayName === name).id;
  await act(api, 'resolveMessage', { id: messageTo('Ada'), resolution: 'SENT' }, 'message { status }');
  await act(api, 'resolveMessage', { id: messageTo('Bob'), resolution: 'SENT' }, 'message { status }');
  await act(api, 'cancelMessage', { id: messageTo('Cyd') }, 'message { status }');
  expect(await jobWhen(api, job.id, ({ status }) => status === 'SUCCEEDED')).toMatchObject({ doneCount: 2, skippedCount: 1, processed: 3 });
  expect(await stages(api)).toEqual({ Ada: 'SENT', Bob: 'SENT', Cyd: 'APPROVED' });
  expect(await messagesOf(api, ', isBlocked: true')).toEqual([]);

  await daysLater(api);
  expect(await runJob(api, 'followUp', { channel: 'SOCIAL', afterDays: 4, bodyTemplate: 'Still there?' })).toMatchObject({ doneCount: 2 });
  await approveFollowUps(api);
  const again = await act(api, 'sendMessages', { channel: 'SOCIAL', expectedCount: 3 }, 'job { id }');
  const queued = await messagesOf(api, ', status: [QUEUED]');
  expect(queued.map(({ prospect, isFollowUp }: any) => [prospect.displayName, isFollowUp]).sort()).toEqual([['Ada', true], ['Bob', true], ['Cyd', false]]);
  const sentToAda = (await messagesOf(api, ', status: [SENT]')).find(({ prospect }: any) => prospect.displayName === 'Ada');
  await act(api, 'resolveMessage', { id: sentToAda.id, resolution: 'REPLIED' }, 'message { status }');
  for (const { id, prospect } of queued) if (prospect.displayName !== 'Ada') await act(api, 'resolveMessage', { id, resolution: 'SENT' }, 'message { status }');
  expect(await jobWhen(api, again.job.id, ({ status }) => status === 'SUCCEEDED')).toMatchObject({ doneCount: 2, skippedCount: 1 });
  expect(await stages(api)).toEqual({ Ada: 'REPLIED', Bob: 'FOLLOWED_UP', Cyd: 'SENT' });
});
