import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, getNamedType, isInputObjectType } from 'graphql';
import { unhurried } from '../../src/limits/unhurried.ts';
import { seed, startApi, type Answer, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';

/** What an ordinary statement and an ordinary operation may take (ms), and what each of these takes at least. */
const limits = { statement: 400, deadline: 450, slow: 500 };
const prospects = 3;

let api: Api;
/** Global ids by what they are of. */
let ids: Record<'job' | 'running' | 'prospect' | 'webhook', string>;
beforeAll(async () => {
  api = await startApi(undefined, outreachOf(), { REQUEST_DEADLINE_SECONDS: String(limits.deadline / 1000) }, limits.statement);
  await seed(api, prospects);
  await api.sql(`update jobs set status = 'failed', started_at = coalesce(started_at, now()), finished_at = now()`);
  await api.sql(`delete from email_drafts; delete from social_drafts; update prospects set review_status = 'pending'`);
  const [running] = await api.sql(`insert into jobs (id, job_type, status, parameters) values (gen_random_uuid(), 'send', 'running', '{"channel": "email"}') returning id`);
  const [webhook] = await api.sql(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'https://hooks.example/', '{}', 'secret') returning id`);
  const [job] = await api.sql('select job_id as id from job_targets limit 1');
  const [prospect] = await api.sql('select id from prospects order by id limit 1');
  const idOf = (type: string, { id }: { id: string }) => Buffer.from(`${type}:${id}`).toString('base64url');
  ids = { job: idOf('Job', job), running: idOf('Job', running), prospect: idOf('Prospect', prospect), webhook: idOf('Webhook', webhook) };
  // Whatever is decided is written down, which takes its time here.
  await api.sql(`
    create function write_slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(${limits.slow / 1000}); return null; end $$;
    create trigger write_slowly after insert on activities for each statement execute function write_slowly()`);
});
afterAll(() => api.stop());

const everybody = `filter: {}, expectedCount: ${prospects}`;
const mutations: Record<string, () => string> = {
  reviewProspects: () => `(input: { ${everybody}, decision: APPROVE }) { userErrors { message } }`,
  tagProspects: () => `(input: { ${everybody}, add: ["seen"] }) { userErrors { message } }`,
  startDraftJob: () => `(input: { ${everybody}, subjectTemplate: "s", bodyTemplate: "b" }) { userErrors { message } }`,
  followUp: () => `(input: { bodyTemplate: "b" }) { userErrors { message } }`,
  sendMessages: () => '(input: { channel: SOCIAL, expectedCount: 0 }) { userErrors { message } }',
  retryJob: () => `(input: { id: "${ids.job}" }) { userErrors { message } }`,
  cancelJob: () => `(input: { id: "${ids.running}" }) { userErrors { message } }`,
  suppress: () => `(input: { domain: "example.org" }) { userErrors { message } }`,
  unsuppress: () => `(input: { domain: "example.org" }) { userErrors { message } }`,
  eraseProspect: () => `(input: { id: "${ids.prospect}" }) { userErrors { message } }`,
  deleteWebhook: () => `(input: { id: "${ids.webhook}" }) { userErrors { message } }`,
};

test.each(Object.entries(mutations))('%s is done however long it takes', async (name, rest) => {
  const started = performance.now();
  const answer = await api.ask(`mutation { ${name}${rest()} }`);
  expect(answer).toEqual({ data: { [name]: { userErrors: [] } } });
  expect(performance.now() - started).toBeGreaterThan(limits.slow);
});

const template = 'createTemplate(input: { name: "late", channel: EMAIL, subject: "s", body: "b" }) { userErrors { message } }';
const another = 'mutation Other { ...Others } fragment Others on Mutation { suppress(input: { domain: "example.net" }) { userErrors { message } } }';

test.each([
  ['by itself', { query: `mutation { ${template} }` }],
  ['beside an operation that may take long', { query: `mutation Hurried { ${template} } ${another}`, operationName: 'Hurried' }],
])('what is one row or 1,000 at most has the deadline of every request, and is not done: %s', async (_, request) => {
  const { errors } = (await (await api.post(request)).json()) as Answer;
  expect(errors?.[0]?.extensions.code).toMatch(/^(DEADLINE_EXCEEDED|TIMEOUT)$/);
  expect(await api.sql('select 1 from templates')).toEqual([]);
});

test('what may take long may also by way of a fragment', async () => {
  const answer = await api.post({ query: `mutation Hurried { ${template} } ${another}`, operationName: 'Other' });
  expect(await answer.json()).toEqual({ data: { suppress: { userErrors: [] } } });
});

test('the time that a transaction is given ends with it', async () => {
  const settings = await api.orm.em.fork().execute(`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`);
  expect(settings).toEqual([{ statement: `${limits.statement}ms`, lock: '0' }]);
});

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'), { assumeValid: true });
const fields = schema.getMutationType()!.getFields();

test('those that may take long exist, and each of them is tried here but what mends the schema', () => {
  expect([...unhurried].filter((name) => !(name in fields))).toEqual([]);
  expect([...unhurried].filter((name) => !(name in mutations)).sort()).toEqual(['applyMigrations', 'repairSchema']);
});

test('whatever works on as many rows as were counted is among them', () => {
  const counting = Object.values(fields).filter(({ args }) => args.some(({ type }) => {
    const input = getNamedType(type);
    return isInputObjectType(input) && 'expectedCount' in input.getFields();
  }));
  expect(counting.length).toBeGreaterThan(2);
  expect(counting.map(({ name }) => name).filter((name) => !unhurried.has(name))).toEqual([]);
});
