import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { getNamedType, getNullableType, isInputObjectType, isListType, type GraphQLArgument, type GraphQLInputField, type GraphQLInputType } from 'graphql';
import pg from 'pg';
import { WebSocket } from 'ws';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { toGlobalId, type NodeType } from '../../src/domain/globalId.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { documentOf, isRequired, operationsOf, subscriptionsOf, type Operation, type Place } from '../properties/places.ts';
import { outreachOf } from '../support/outreach.ts';
import { seed, startApi, type Api } from '../graphql/support.ts';

/** Of what type the id at each place is; `uuid` for ids that name no node. A new argument that takes an id is missed below until it stands here. */
const types: Readonly<Record<string, NodeType | 'uuid'>> = {
  'Query.activities subject': 'Prospect', 'Query.draft id': 'Draft', 'Query.drafts filter.jobId': 'Job', 'Query.drafts filter.prospectId': 'Prospect',
  'Query.inboundMessages filter.prospectId': 'Prospect', 'Query.job id': 'Job', 'Query.messages filter.jobId': 'Job', 'Query.node id': 'Prospect', 'Query.nodes ids': 'Prospect',
  'Query.previewDraft input.prospectId': 'Prospect', 'Query.previewDraft input.templateId': 'Template', 'Query.prospect id': 'Prospect',
  'Query.prospects filter.jobId': 'Job', 'Query.prospects filter.reviewBatch': 'uuid', 'Query.socialProfile id': 'SocialProfile', 'Query.webhookDeliveries filter.webhookId': 'Webhook',
  'Mutation.cancelJob input.id': 'Job', 'Mutation.cancelMessage input.id': 'Message', 'Mutation.deleteProspects input.ids': 'Prospect', 'Mutation.deleteSavedFilter input.id': 'SavedFilter',
  'Mutation.deleteTemplate input.id': 'Template', 'Mutation.deleteWebhook input.id': 'Webhook', 'Mutation.eraseProspect input.id': 'Prospect', 'Mutation.followUp input.templateId': 'Template',
  'Mutation.pauseJob input.id': 'Job', 'Mutation.redeliverWebhook input.id': 'WebhookDelivery', 'Mutation.repairSchema input.stepIds': 'uuid', 'Mutation.resolveMessage input.id': 'Message',
  'Mutation.resumeJob input.id': 'Job', 'Mutation.retryJob input.id': 'Job', 'Mutation.reviewDrafts input.drafts.id': 'Draft', 'Mutation.reviewProspects input.batch': 'uuid',
  'Mutation.reviewProspects input.filter.jobId': 'Job', 'Mutation.reviewProspects input.filter.reviewBatch': 'uuid', 'Mutation.reviewProspects input.ids': 'Prospect',
  'Mutation.revokeApiKey input.id': 'ApiKey', 'Mutation.runDiscoveryQuery input.id': 'DiscoveryQuery', 'Mutation.saveFilter input.filter.jobId': 'Job', 'Mutation.saveFilter input.filter.reviewBatch': 'uuid',
  'Mutation.sendMessages input.draftIds': 'Draft', 'Mutation.sendMessages input.jobId': 'Job', 'Mutation.startDraftJob input.filter.jobId': 'Job', 'Mutation.startDraftJob input.filter.reviewBatch': 'uuid',
  'Mutation.startDraftJob input.prospectIds': 'Prospect', 'Mutation.startDraftJob input.templateId': 'Template', 'Mutation.suppress input.prospectId': 'Prospect',
  'Mutation.tagProspects input.filter.jobId': 'Job', 'Mutation.tagProspects input.filter.reviewBatch': 'uuid', 'Mutation.tagProspects input.ids': 'Prospect', 'Mutation.unsuppress input.prospectId': 'Prospect',
  'Mutation.updateDraft input.id': 'Draft', 'Mutation.updateProspect input.id': 'Prospect', 'Mutation.updateTemplate input.id': 'Template', 'Mutation.updateWebhook input.id': 'Webhook',
  'Subscription.draftChanged id': 'Draft', 'Subscription.jobProgress id': 'Job',
};
const secret = ['ApiKey', 'Webhook', 'WebhookDelivery'] as const;

const schema = buildSchema();
const places = [...operationsOf(schema), ...subscriptionsOf(schema)].filter(({ below }) => below === null)
  .flatMap((operation) => operation.places.filter(({ type }) => type === 'ID').map((place) => ({ operation, place, name: `${operation.name} ${place.path.join('.')}` })));

let api: Api;
const there = new Map<NodeType, string>();
beforeAll(async () => {
  api = await startApi(undefined, outreachOf({ smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'ada@example.org', publicUrl: 'https://outreach.example' }));
  await seed(api, 2);
  for (const role of ['viewer', 'operator', 'admin']) await api.sql('insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, $1::text::role, $2)', [role, hashOf(`key-${role}`)]);
  const [hook] = await api.sql(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'https://example.org/', '{job.finished}', 'x') returning id`);
  const [delivery] = await api.sql(`insert into webhook_deliveries (id, webhook_id, event_id, event, payload) values (gen_random_uuid(), $1, gen_random_uuid(), 'job.finished', '{}') returning id`, [hook.id]);
  const [key] = await api.sql('select id from api_keys limit 1');
  const [prospect] = await api.sql('select id from prospects limit 1');
  there.set('Webhook', hook.id).set('WebhookDelivery', delivery.id).set('ApiKey', key.id).set('Prospect', prospect.id);
});
afterAll(() => api.stop());

test('every argument that takes an id has its type here, and no other does', () => {
  expect(places.map(({ name }) => name).sort()).toEqual(Object.keys(types).sort());
});

/** What is required, and the id at its place. */
function argumentsOf(fields: readonly (GraphQLArgument | GraphQLInputField)[], path: readonly string[], id: string): Record<string, unknown> {
  const given = fields.filter((field) => field.name === path[0] || isRequired(field));
  return Object.fromEntries(given.map((field) => [field.name, valueOf(field.type, field.name === path[0] ? path.slice(1) : null, id)]));
}

function valueOf(type: GraphQLInputType, path: readonly string[] | null, id: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [valueOf(bare.ofType, path, id)];
  const named = getNamedType(bare);
  if (isInputObjectType(named)) return argumentsOf(Object.values(named.getFields()), path ?? [], id);
  if (path !== null) return id;
  const usual: Record<string, unknown> = { Int: 1, Boolean: true, ID: toGlobalId('Prospect', there.get('Prospect')!), DateTime: '2026-01-01T00:00:00Z', URL: 'https://example.org/', EmailAddress: 'a@example.org', JSON: {} };
  return 'getValues' in named ? named.getValues()[0]!.name : usual[named.name] ?? 'text';
}

/** The tables that a request asks, in order: what it costs, and what it may tell by its time. */
async function counted(run: () => Promise<unknown>): Promise<{ answer: unknown; statements: string[] }> {
  const statements: string[] = [];
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const text = String((args[0] as { text?: string } | null)?.text ?? args[0]);
    // What the server asks by itself, at its own times, are other tables.
    if (/\b(?:prospects|social_profiles|\w+_drafts|\w+_messages|job_targets|templates|saved_filters|discovery_queries|webhooks|webhook_deliveries|activities|suppressions)\b/.test(text)) statements.push(text);
    return original.apply(this, args);
  } as never);
  try {
    return { answer: await run(), statements };
  } finally {
    spy.mockRestore();
  }
}

/** Without which the id is not looked at. */
const besides: Readonly<Record<string, object>> = {
  'Mutation.startDraftJob': { expectedCount: 1 }, 'Mutation.tagProspects': { add: ['x'] }, 'Mutation.sendMessages': { expectedCount: 1 }, 'Mutation.reviewProspects': { decision: 'REOPEN' },
};

/** What a caller sees: of a subscription the first message. */
function ask(operation: Operation, place: Place, id: string, role: string): Promise<unknown> {
  const variables: Record<string, any> = argumentsOf(operation.field.args, place.path, id);
  variables['input'] = variables['input'] && { ...variables['input'], ...besides[operation.name] };
  const payload = { query: documentOf(operation), variables };
  if (operation.kind !== 'subscription') return api.ask(payload.query, variables, `key-${role}`);
  return new Promise((resolve) => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer key-${role}` } })));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_ack') return socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      socket.close();
      return resolve(message);
    });
  });
}

/** An id is named as it was given, which tells nothing that was not known. */
const without = (answer: unknown, id: string) => JSON.parse(id === '' ? JSON.stringify(answer).replace('id: .', 'id: ID.') : JSON.stringify(answer).replaceAll(id, 'ID'));

test.each(['viewer', 'operator'])('to a %s what only administrators may see is as if it were not there, at every argument: the same answer, for the same statements', async (role) => {
  for (const [index, { operation, place, name }] of places.entries()) {
    // Every one of them where any node may be asked for, or where one of them is; one of them at each other place.
    for (const type of /Query.nodes? /.test(name) || (secret as readonly string[]).includes(types[name]!) ? secret : [secret[index % 3]!]) {
      const [hidden, absent] = [toGlobalId(type, there.get(type)!), toGlobalId(type, randomUUID())];
      const ofHidden = await counted(() => ask(operation, place, hidden, role));
      const ofAbsent = await counted(() => ask(operation, place, absent, role));
      expect([name, type, without(ofHidden.answer, hidden), ofHidden.statements]).toEqual([name, type, without(ofAbsent.answer, absent), ofAbsent.statements]);
    }
  }
});

const codesOf = (answer: any): unknown => {
  const { data, errors, payload } = answer;
  const body = payload ?? { data, errors };
  const root: any = Object.values(body.data ?? {})[0];
  return { errors: (Array.isArray(body) ? body : body.errors ?? []).map((error: any) => error.extensions?.code), userErrors: root?.userErrors?.map(({ code, message, field }: any) => ({ code, message: message.replace(' on the channel EMAIL', ''), field })) };
};

test.each(['viewer', 'operator', 'admin'])('to a %s an id of nothing, one of something else and a text that is none are refused alike, with one code and one sentence', async (role) => {
  const different: unknown[] = [];
  // Whoever filters by what there is not has selected nothing; one that can be no id is a mistake, and told so.
  for (const { operation, place, name } of places.filter((one) => !one.place.path.includes('filter') && one.name !== 'Mutation.sendMessages input.jobId')) {
    const type = types[name]!;
    const absent = type === 'uuid' ? randomUUID() : toGlobalId(type, randomUUID());
    const other = toGlobalId(type === 'Prospect' ? 'Webhook' : 'Prospect', there.get(type === 'Prospect' ? 'Webhook' : 'Prospect')!);
    const expected = codesOf(without(await ask(operation, place, absent, role), absent));
    for (const id of [other, 'nonsense', '']) {
      const answered = codesOf(without(await ask(operation, place, id, role), id));
      if (!isDeepStrictEqual(answered, expected)) different.push(JSON.stringify([name, id, answered, expected]));
    }
  }
  expect(different).toEqual([]);
});
