import { createHash } from 'node:crypto';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { ours, samples } from '../mail/mails.ts';
import { OutreachBench } from '../suppression/support.ts';
import { adminToken, startApi, type Api } from './support.ts';

let api: Api;
let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
  api = await startApi(bench.bench.database.url);
  await bench.query(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'oscar', 'operator', $1)`, [createHash('sha256').update('operators-key-of-the-tests').digest('hex')]);
});
afterAll(async () => {
  await api.stop();
  await bench.close();
});
beforeEach(() => bench.query('truncate prospects, email_messages, suppressions, inbound_messages, activities cascade'));

const operator = 'operators-key-of-the-tests';
const suppress = (input: object, token = operator) =>
  api.ask('mutation ($input: SuppressInput!) { suppress(input: $input) { suppressions { id kind reason createdBy } excludedCount userErrors { code field message } } }', { input }, token);
const unsuppress = (input: object, token = adminToken) =>
  api.ask('mutation ($input: UnsuppressInput!) { unsuppress(input: $input) { readmittedCount userErrors { code } } }', { input }, token);

test('suppresses, lists, looks up, and takes back', async () => {
  const prospectId = await bench.prospect('grace');
  const { data } = await suppress({ domain: 'grace.example', reason: 'a client of ours' });
  expect(data.suppress).toMatchObject({ suppressions: [{ kind: 'DOMAIN', reason: 'a client of ours', createdBy: 'oscar' }], excludedCount: 1, userErrors: [] });
  const list = await api.ask('{ suppressions(kind: [DOMAIN]) { totalCount nodes { id kind reason createdAt } } others: suppressions(kind: [EMAIL]) { totalCount } }');
  expect(list.data).toMatchObject({ suppressions: { totalCount: 1, nodes: [{ id: data.suppress.suppressions[0].id }] }, others: { totalCount: 0 } });
  const lookUp = () => api.ask('{ suppressed: suppressionOf(email: "Any@sub.GRACE.example") { id kind } free: suppressionOf(email: "a@b.example") { id } }');
  expect((await lookUp()).data).toEqual({ suppressed: { id: data.suppress.suppressions[0].id, kind: 'DOMAIN' }, free: null });
  expect((await api.ask('query ($id: ID!) { node(id: $id) { id __typename } }', { id: data.suppress.suppressions[0].id })).data.node.__typename).toBe('Suppression');
  expect((await unsuppress({ domain: 'grace.example' })).data.unsuppress).toEqual({ readmittedCount: 1, userErrors: [] });
  expect((await lookUp()).data).toEqual({ suppressed: null, free: null });
  expect(await bench.stageOf(prospectId)).toBe('reviewed');
});

test('a prospect is suppressed by its id', async () => {
  const prospectId = await bench.prospect('grace');
  const { data } = await suppress({ prospectId: toGlobalId('Prospect', prospectId) });
  expect(data.suppress.suppressions.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['EMAIL', 'HANDLE', 'HANDLE']);
});

test.each([
  ['nobody', {}, 'INVALID'],
  ['a public suffix', { domain: 'co.uk' }, 'INVALID'],
  ['a prospect that is not there', { prospectId: toGlobalId('Prospect', '0192f3a0-7c1e-7a3b-9d54-0c6f6f1e2a11') }, 'NOT_FOUND'],
  ['what is no id of a prospect', { prospectId: 'nonsense' }, 'NOT_FOUND'],
])('%s cannot be suppressed', async (_, input, code) => {
  expect((await suppress(input)).data.suppress).toMatchObject({ suppressions: [], excludedCount: 0, userErrors: [{ code }] });
});

test.each([
  ['unsuppress', '(input: { email: "a@b.example" }) { readmittedCount }'],
  ['eraseProspect', '(input: { id: "x" }) { userErrors { code } }'],
  ['reclassifyInbound', '(input: {}) { lookedAt }'],
])('%s is for administrators', async (field, rest) => {
  expect((await api.ask(`mutation { ${field}${rest} }`, {}, operator)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('erases a person, and shows what is left', async () => {
  const prospectId = await bench.prospect('grace');
  await bench.email(prospectId, 'sent');
  const erase = () => api.ask('mutation ($id: ID!) { eraseProspect(input: { id: $id }) { prospect { id displayName email profileUrl stage socialProfiles { username profileUrl } messages { nodes { body recipient } } } userErrors { code } } }', { id: toGlobalId('Prospect', prospectId) });
  const { data, errors } = await erase();
  expect(errors).toBeUndefined();
  expect(data.eraseProspect).toMatchObject({ prospect: { displayName: 'Erased', email: null, profileUrl: null, stage: 'EXCLUDED', messages: { nodes: [{ body: '', recipient: '' }] } }, userErrors: [] });
  expect((await erase()).data.eraseProspect.userErrors).toEqual([]);
});

test('what came in is read with the message and the prospect that it is about', async () => {
  const prospectId = await bench.prospect('ada', { email: 'ada@acme.example' });
  const messageId = await bench.email(prospectId, 'sent');
  await bench.query('update email_messages set message_id = $1', [ours]);
  for (const { raw } of samples.slice(0, 1)) await fetch(`${api.url}inbound`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` }, body: raw });
  await fetch(`${api.url}inbound`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` }, body: 'From: eve@evil.example\r\nSubject: Offer\r\n\r\nBuy!' });
  const { data, errors } = await api.ask(
    `query ($prospect: ID!) {
      all: inboundMessages { totalCount nodes { kind } }
      replies: inboundMessages(filter: { kind: [REPLY], prospectId: $prospect }) { nodes { kind sender subject excerpt source details receivedAt message { id status } prospect { id } } }
      node: prospect(id: $prospect) { inboundMessages { nodes { kind } } }
    }`,
    { prospect: toGlobalId('Prospect', prospectId) },
  );
  expect(errors).toBeUndefined();
  expect(data.all).toMatchObject({ totalCount: 2, nodes: [{ kind: 'UNRELATED' }, { kind: 'REPLY' }] });
  expect(data.replies.nodes).toMatchObject([{
    kind: 'REPLY', sender: 'ada@acme.example', subject: 'Re: Hello', excerpt: 'Sounds good!', source: 'http', details: { rule: 'In-Reply-To' },
    message: { id: toGlobalId('Message', messageId), status: 'REPLIED' }, prospect: { id: toGlobalId('Prospect', prospectId) },
  }]);
  expect(data.node.inboundMessages.nodes).toEqual([{ kind: 'REPLY' }]);
});

test('looking again answers how much there was', async () => {
  const again = (limit: number) => api.ask('mutation ($limit: Int) { reclassifyInbound(input: { limit: $limit }) { lookedAt changed remaining userErrors { code } } }', { limit });
  expect((await again(500)).data.reclassifyInbound).toEqual({ lookedAt: 0, changed: 0, remaining: 0, userErrors: [] });
  expect((await again(501)).data.reclassifyInbound.userErrors).toEqual([{ code: 'INVALID' }]);
});
