import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  getNamedType, getNullableType, isCompositeType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField,
  type GraphQLField, type GraphQLInputType,
} from 'graphql';
import { WebSocket } from 'ws';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { seed, startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

/** Who may do what besides reading, which every role may; written down once more, so that a slip in the rules is found. */
const operators = new Set([
  'createProspect', 'updateProspect', 'deleteProspects', 'importProspects', 'reviewProspects', 'startDraftJob', 'followUp', 'updateDraft', 'reviewDrafts',
  'sendMessages', 'resolveMessage', 'cancelMessage', 'pauseJob', 'resumeJob', 'cancelJob', 'retryJob', 'createTemplate', 'updateTemplate', 'deleteTemplate',
  'saveFilter', 'deleteSavedFilter', 'tagProspects', 'discover', 'runDiscoveryQuery', 'suppress',
]);
const administrators = new Set([
  'apiKeys', 'webhooks', 'webhookDeliveries', 'repairSchema', 'applyMigrations', 'updateSettings', 'unsuppress', 'eraseProspect', 'reclassifyInbound',
  'createApiKey', 'revokeApiKey', 'createWebhook', 'updateWebhook', 'deleteWebhook', 'redeliverWebhook',
]);

const schema = buildSchema();
const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
const fields = roots.flatMap((type) => Object.values(type.getFields()).map((field) => ({ kind: type.name.toLowerCase(), field, operation: operationOf(type.name.toLowerCase(), field) })));

/** The shortest operation that asks for the field. */
function operationOf(kind: string, { name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${valueOf(arg.type)}`).join(' ');
  return `${kind} { ${name}${given && `(${given})`} ${isCompositeType(getNamedType(type)) ? '{ __typename }' : ''} }`;
}

function valueOf(type: GraphQLInputType): string {
  const bare = isNonNullType(type) ? getNullableType(type) as GraphQLInputType : type;
  if (isListType(bare)) return '[]';
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (isInputObjectType(bare)) return `{ ${Object.values(bare.getFields()).filter(isRequiredInputField).map((field) => `${field.name}: ${valueOf(field.type)}`).join(' ')} }`;
  return { Int: '1', Float: '1', Boolean: 'true', DateTime: '"2026-01-01T00:00:00Z"', URL: '"https://example.org/"', EmailAddress: '"a@example.org"', JSON: '{}' }[String(bare)] ?? '"x"';
}

const allowed = (name: string, role: string): boolean => role === 'admin' || (role === 'operator' ? !administrators.has(name) : !administrators.has(name) && !operators.has(name));

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await seed(api, 1);
  const key = (name: string, role: string, more = 'null, null') => api.sql(`insert into api_keys (id, name, role, hash, revoked_at, expires_at) values (gen_random_uuid(), $1, $2::role, $3, ${more})`, [name, role, hashOf(`key-${name}`)]);
  await Promise.all([
    key('viewer', 'viewer'), key('operator', 'operator'), key('admin', 'admin'),
    key('revoked', 'admin', 'now(), null'), key('expired', 'admin', `null, now() - interval '1 minute'`),
  ]);
});
afterAll(() => api.stop());

test('the table names fields that there are', () => {
  const names = new Set(fields.map(({ field }) => field.name));
  expect([...operators, ...administrators].filter((name) => !names.has(name))).toEqual([]);
});

test.each([['nobody', undefined], ['a revoked key', 'key-revoked'], ['an expired key', 'key-expired']])('%s gets no root field over HTTP, and no socket', async (_who, token) => {
  for (const { operation } of fields) {
    const response = await api.post({ query: operation }, token === undefined ? {} : { authorization: `Bearer ${token}` });
    expect([operation, response.status, await response.json()]).toEqual([operation, 401, { errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] }]);
  }
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: token === undefined ? {} : { authorization: `Bearer ${token}` } })));
  expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4403);
});

const codesOf = (errors: readonly { extensions?: { code?: string } }[] | undefined) => (errors ?? []).map(({ extensions }) => extensions?.code);

test.each(['viewer', 'operator', 'admin'])('%s gets what the role allows over HTTP, and nothing else', async (role) => {
  for (const { kind, field, operation } of fields) {
    if (kind === 'subscription') continue;
    const { data, errors } = await api.ask(operation, {}, `key-${role}`);
    expect([field.name, codesOf(errors).includes('FORBIDDEN')]).toEqual([field.name, !allowed(field.name, role)]);
    if (!allowed(field.name, role)) expect(data?.[field.name] ?? null).toBeNull();
    expect(codesOf(errors)).not.toContain('GRAPHQL_VALIDATION_FAILED');
  }
});

test.each(['viewer', 'operator', 'admin'])('%s gets the same over a socket', async (role) => {
  const answers = new Map<string, any>();
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const isOpen = new Promise<void>((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer key-${role}` } })));
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data));
      if (type === 'connection_ack') resolve();
      else if (type !== 'complete' && !answers.has(id)) answers.set(id, type === 'error' ? payload : payload.errors ?? []);
    });
  });
  await isOpen;
  for (const { kind, field, operation } of fields) {
    socket.send(JSON.stringify({ id: field.name, type: 'subscribe', payload: { query: operation } }));
    // Every role may watch; what has no present state says nothing until there is news.
    if (kind !== 'subscription') await waitFor(() => answers.has(field.name), { intervalMs: 2 });
    socket.send(JSON.stringify({ id: field.name, type: 'complete' }));
  }
  socket.close();
  for (const { field } of fields) expect([field.name, codesOf(answers.get(field.name)).includes('FORBIDDEN')]).toEqual([field.name, !allowed(field.name, role)]);
});

test('an id that is there and forbidden, that is not there, and that is none are answered alike', async () => {
  const { data } = await api.ask('mutation { createWebhook(input: { url: "https://example.org/hook", events: [] }) { webhook { id } } apiKeys: createApiKey(input: { name: "x", role: VIEWER }) { apiKey { id } } }');
  const there = data.apiKeys.apiKey.id as string;
  const answer = async (query: string, id: string) => {
    const response = await api.post({ query, variables: { id } }, { authorization: 'Bearer key-viewer' });
    return { status: response.status, text: await response.text(), headers: [...response.headers.keys()].sort() };
  };
  const absent = Buffer.from('ApiKey:018f0000-0000-7000-8000-000000000000').toString('base64url');
  for (const query of ['query ($id: ID!) { node(id: $id) { id } }', 'query ($id: ID!) { nodes(ids: [$id]) { id } }']) {
    // The third time it is answered on the short way.
    for (let run = 0; run < 3; run++) {
      const forbidden = await answer(query, there);
      expect(await answer(query, absent)).toEqual(forbidden);
      expect(await answer(query, 'nonsense')).toEqual(forbidden);
      expect(forbidden.text).toMatch(/^\{"data":\{"nodes?":\[?null\]?\}\}/);
    }
  }
  expect(JSON.stringify(await api.ask('query ($id: ID!) { node(id: $id) { id } }', { id: there }))).toContain(there);
});
