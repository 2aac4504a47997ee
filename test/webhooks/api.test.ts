import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { openReceiver, status, type Receiver } from './receiver.ts';

let api: Api;
let worker: Worker;
let receiver: Receiver;
beforeAll(async () => {
  api = await startApi();
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach: outreachOf() });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});
beforeEach(async () => {
  receiver = await openReceiver();
  await api.sql('truncate webhooks cascade');
});
afterEach(() => receiver.close());

async function mutate(name: string, input: object, answer = 'webhook { id url events enabled createdBy }'): Promise<any> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await api.ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} userErrors { code message field } } }`, { input });
  return errors ? { errors } : data[name];
}
const create = (input: object = {}) => mutate('createWebhook', { url: receiver.url, events: ['JOB_FINISHED'], ...input }, 'secret webhook { id url events enabled createdBy }');
const deliveries = async (filter: object = {}) =>
  (await api.ask('query ($filter: WebhookDeliveryFilter) { webhookDeliveries(filter: $filter) { nodes { id event payload state attempts httpStatus error finishedAt webhook { url } } totalCount } }', { filter })).data.webhookDeliveries;

async function startJob(): Promise<any> {
  const { data } = await api.ask('mutation ($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { message } } }', { input: { expectedCount: 0 } });
  return data.startDraftJob.job;
}

test('a job that ends is told once, and the delivery is listed', async () => {
  const { webhook, secret, userErrors } = await create();
  expect(userErrors).toEqual([]);
  expect(webhook).toEqual({ id: expect.any(String), url: receiver.url, events: ['JOB_FINISHED'], enabled: true, createdBy: 'admin' });
  expect(secret).toMatch(/^whsec_/);

  const job = await startJob();
  const { nodes } = await waitFor(async () => {
    const page = await deliveries({ state: ['DELIVERED'] });
    return page.totalCount > 0 ? page : null;
  });
  expect(nodes).toEqual([{
    id: expect.any(String), event: 'JOB_FINISHED', payload: { job: job.id, type: 'DRAFT', status: 'SUCCEEDED' }, state: 'DELIVERED', attempts: 1, httpStatus: 204,
    error: null, finishedAt: expect.any(String), webhook: { url: receiver.url },
  }]);
  expect(receiver.received).toHaveLength(1);
  expect((await deliveries({ webhookId: webhook.id, event: ['JOB_FINISHED'] })).totalCount).toBe(1);
  expect((await deliveries({ event: ['MESSAGE_SENT'] })).totalCount).toBe(0);
  expect((await deliveries({ webhookId: 'nothing' })).totalCount).toBe(0);
});

test('its secret is shown once, and in no list', async () => {
  const { secret } = await create();
  const { data } = await api.ask('{ webhooks { nodes { id url } } __type(name: "Webhook") { fields { name } } }');

  expect(data.webhooks.nodes).toHaveLength(1);
  expect(JSON.stringify(await api.sql('select * from activities'))).not.toContain(secret);
  expect((await mutate('updateWebhook', { id: data.webhooks.nodes[0].id, enabled: false }, 'secret')).secret).toBeNull();
});

test('a webhook is changed field by field, and deleted with its deliveries', async () => {
  const { webhook } = await create();
  const other = await mutate('updateWebhook', { id: webhook.id, events: ['MESSAGE_SENT', 'MESSAGE_SENT'], url: `${receiver.url}/2` });
  expect(other.webhook).toMatchObject({ url: `${receiver.url}/2`, events: ['MESSAGE_SENT'], enabled: true });
  expect((await mutate('updateWebhook', { id: webhook.id, enabled: false })).webhook).toMatchObject({ url: `${receiver.url}/2`, enabled: false });

  expect((await mutate('deleteWebhook', { id: webhook.id })).userErrors).toEqual([]);
  expect((await mutate('deleteWebhook', { id: webhook.id })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await mutate('updateWebhook', { id: webhook.id, enabled: true })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test.each<[string, object]>([
  ['with another scheme', { url: 'ftp://example.org/' }],
  ['with a user name', { url: 'https://user:word@example.org/' }],
  ['of an event that there is not', { events: ['RAIN'] }],
])('a webhook %s is no input', async (_, change) => {
  expect((await create(change)).errors[0].extensions.code).toBe('BAD_USER_INPUT');
});

test.each(['http://10.0.0.1/hook', 'http://169.254.169.254/latest/', 'http://localhost:8080/', 'http://[::1]/', 'https://example.org:25/'].map((url) => [url]))('a webhook to %s is refused when it is made, and when it is changed', async (url) => {
  const refused = { webhook: null, userErrors: [{ code: 'INVALID', field: ['input', 'url'], message: expect.stringContaining('WEBHOOK_ALLOWED_HOSTS') }] };
  expect(await create({ url })).toMatchObject(refused);
  const { webhook } = await create();
  expect(await mutate('updateWebhook', { id: webhook.id, url })).toMatchObject(refused);
  expect(await api.sql('select url from webhooks')).toEqual([{ url: receiver.url }]);
});

test('a webhook without events is refused', async () => {
  expect(await create({ events: [] })).toMatchObject({ secret: null, webhook: null, userErrors: [{ code: 'INVALID', field: ['input', 'events'] }] });
});

test('a delivery that was given up is sent again on request', async () => {
  const { webhook } = await create();
  receiver.answer(status(410));
  await startJob();
  const failed = await waitFor(async () => (await deliveries({ state: ['FAILED'] })).nodes[0] ?? null);
  receiver.answer(status(204));
  await mutate('updateWebhook', { id: webhook.id, enabled: true });

  expect((await mutate('redeliverWebhook', { id: failed.id }, 'delivery { state attempts finishedAt }')).delivery).toEqual({ state: 'WAITING', attempts: 0, finishedAt: null });
  await waitFor(async () => (await deliveries({ state: ['DELIVERED'] })).totalCount === 1);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await mutate('redeliverWebhook', { id: webhook.id }, 'delivery { id }')).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('an operator sees nothing of webhooks', async () => {
  const { webhook } = await create();
  await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'an operator', 'operator', $1)`, [hashOf('key-operator')]);
  const { data, errors } = await api.ask('query ($id: ID!) { webhooks { nodes { id } } webhookDeliveries { nodes { id } } node(id: $id) { id } }', { id: webhook.id }, 'key-operator');

  expect(data).toEqual({ webhooks: null, webhookDeliveries: null, node: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
});
