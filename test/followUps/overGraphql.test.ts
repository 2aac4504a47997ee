import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { startModelServer, type ModelServer } from '../support/modelServer.ts';
import { outreachOf } from '../support/outreach.ts';
import { queueMessage } from '../support/queueMessage.ts';
import { waitFor } from '../support/waitFor.ts';

let model: ModelServer;
let api: Api;
let worker: Worker;
beforeAll(async () => {
  model = await startModelServer();
  const outreach = outreachOf({ languageModel: { baseUrl: model.baseUrl, apiKey: '', model: 'test' } });
  api = await startApi(undefined, outreach);
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
  await model.close();
});

const followUp = `mutation ($input: FollowUpInput!) { followUp(input: $input) { job { id type totalTargets waitingFor } userErrors { code message field } } }`;

async function ended(id: string): Promise<any> {
  return waitFor(async () => {
    const { data } = await api.ask('query ($id: ID!) { job(id: $id) { status doneCount draftsCreated cost } }', { id });
    return data.job.status === 'SUCCEEDED' && data.job;
  });
}

test('a follow-up waits for approval like any other draft, and says that it is one', async () => {
  const { prospect } = await queueMessage(api.sql, { status: 'sent' });

  const { data } = await api.ask(followUp, { input: { afterDays: 0, bodyTemplate: 'Once more' } });

  expect(data.followUp).toMatchObject({ job: { type: 'FOLLOW_UP', totalTargets: 1 }, userErrors: [] });
  expect(await ended(data.followUp.job.id)).toEqual({ status: 'SUCCEEDED', doneCount: 1, draftsCreated: 1, cost: 0 });
  const { data: listed } = await api.ask('{ drafts(filter: { isFollowUp: true, status: [PENDING_REVIEW] }) { nodes { subject body isFollowUp } } }');
  expect(listed.drafts.nodes).toEqual([{ subject: 'Re: Hello', body: 'Once more', isFollowUp: true }]);
  await api.sql('update prospects set excluded_at = now() where id = $1', [prospect]);
});

test('a language model writes the body only: the subject is the thread’s', async () => {
  await queueMessage(api.sql, { status: 'sent' });
  await api.sql(`insert into settings (key, value) values ('languageModel', '{"inputPricePerMillion": 1000, "outputPricePerMillion": 4000}')`);

  const { data } = await api.ask(followUp, { input: { afterDays: 0, bodyTemplate: 'Ask {{ displayName }} again.', drafter: 'LANGUAGE_MODEL' } });

  expect(await ended(data.followUp.job.id)).toEqual({ status: 'SUCCEEDED', doneCount: 1, draftsCreated: 1, cost: 0.3 });
  expect(model.requests[0]!.body['response_format'].json_schema.schema.required).toEqual(['body']);
  const [draft] = await api.sql(`select subject, body from email_drafts where is_follow_up and body like 'Hello, this%'`);
  expect(draft).toEqual({ subject: 'Re: Hello', body: 'Hello, this is written for you.' });
});

test('a job says when its language model makes it wait, and until when', async () => {
  await api.sql(`insert into rate_limits (key, points, expire) values ('language_model', 1, (extract(epoch from now()) * 1000)::bigint + 60000) on conflict (key) do update set expire = excluded.expire`);
  await queueMessage(api.sql, { status: 'sent' });

  const { data } = await api.ask(followUp, { input: { afterDays: 0, drafter: 'LANGUAGE_MODEL' } });

  expect(data.followUp.job.waitingFor).toMatch(/^The language model takes no more requests for now\. It goes on at \d{4}-.*Z\.$/);
  await api.sql(`delete from rate_limits`);
  await ended(data.followUp.job.id);
});

test('a template that is kept may be the text; one of the other channel may not', async () => {
  await queueMessage(api.sql, { status: 'sent' });
  const make = (name: string, channel: string) => api.ask(`mutation { createTemplate(input: { name: "${name}", channel: ${channel}${channel === 'EMAIL' ? ', subject: "S"' : ''}, body: "Kept" }) { template { id } } }`).then(({ data }) => data.createTemplate.template.id);

  const { data } = await api.ask(followUp, { input: { afterDays: 0, templateId: await make('mail', 'EMAIL') } });
  await ended(data.followUp.job.id);
  expect(await api.sql(`select subject from email_drafts where body = 'Kept'`)).toEqual([{ subject: 'Re: Hello' }]);

  const { data: refused } = await api.ask(followUp, { input: { templateId: await make('note', 'SOCIAL') } });
  expect(refused.followUp.userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'templateId'] }]);
});

test('days that are out of range are told with their field', async () => {
  const { data } = await api.ask(followUp, { input: { afterDays: 366 } });

  expect(data.followUp).toEqual({ job: null, userErrors: [{ code: 'INVALID', message: 'Give 0 to 365 days.', field: ['input', 'afterDays'] }] });
});

test('4 days and the e-mail channel are what nobody has to say', async () => {
  const { data } = await api.ask(followUp, { input: {} });

  const [job] = await api.sql(`select parameters from jobs order by created_at desc limit 1`);
  expect(data.followUp.userErrors).toEqual([]);
  expect(job!.parameters).toMatchObject({ channel: 'email', afterDays: 4 });
});
