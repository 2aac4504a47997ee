import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Role } from '../../src/domain/enums.ts';
import { fromGlobalId } from '../../src/domain/globalId.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { ours, samples } from '../mail/mails.ts';
import { OutreachBench } from '../suppression/support.ts';

let api: Api;
let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
  api = await startApi(bench.bench.database.url);
  for (const role of [Role.OPERATOR, Role.VIEWER]) {
    await bench.query(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'key', $1, $2)`, [role, createHash('sha256').update(`key-of-${role}`).digest('hex')]);
  }
});
afterAll(async () => {
  await api.stop();
  await bench.close();
});
beforeEach(() => bench.query('truncate prospects, email_messages, inbound_messages, activities, suppressions cascade'));

const reply = samples[0]!.raw;
const post = (body: string | Uint8Array<ArrayBuffer> | ReadableStream, token: string | null = adminToken, headers: Record<string, string> = { 'content-type': 'message/rfc822' }) =>
  fetch(`${api.url}inbound`, { method: 'POST', headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) }, body, ...(body instanceof ReadableStream && { duplex: 'half' }) } as RequestInit);

/** So many bytes in pieces, whose sum is not told before. */
const unannounced = (bytes: number) => ReadableStream.from(Array.from({ length: Math.ceil(bytes / 65_536) }, () => new Uint8Array(65_536)));

test('answers what the mail was taken for, and does what follows', async () => {
  const prospectId = await bench.prospect('ada', { email: 'ada@acme.example' });
  const messageId = await bench.email(prospectId, 'sent');
  await bench.query('update email_messages set message_id = $1', [ours]);
  const response = await post(reply, 'key-of-operator');
  const answer = (await response.json()) as { kind: string; messageId: string; prospectId: string; isDuplicate: boolean };
  expect(response.status).toBe(200);
  expect(answer).toMatchObject({ kind: 'REPLY', isDuplicate: false });
  expect(fromGlobalId(answer.messageId)).toEqual({ type: 'Message', key: messageId });
  expect(fromGlobalId(answer.prospectId)).toEqual({ type: 'Prospect', key: prospectId });
  expect(await (await post(reply)).json()).toEqual({ ...answer, isDuplicate: true });
  expect(await bench.stageOf(prospectId)).toBe('replied');
});

test.each(['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('takes the bytes as they are, whatever %s says of them', async (type) => {
  expect(await (await post(reply, adminToken, { 'content-type': type })).json()).toMatchObject({ kind: 'UNRELATED', messageId: null, prospectId: null });
  expect((await bench.query('select raw from inbound_messages'))[0].raw.toString()).toBe(reply);
});

test.each<[string, () => Promise<Response>, number, string]>([
  ['without a token', () => post(reply, null), 401, 'UNAUTHENTICATED'],
  ['with a viewer’s key', () => post(reply, 'key-of-viewer'), 403, 'FORBIDDEN'],
  ['without a mail', () => post(''), 400, 'BAD_USER_INPUT'],
  ['with more than ten megabytes', () => post(new Uint8Array(10 * 1024 * 1024 + 1)), 413, 'BAD_REQUEST'],
  ['with more than ten megabytes that nobody announced', () => post(unannounced(11 * 1024 * 1024)), 413, 'BAD_REQUEST'],
  ['with more than ten megabytes, packed', () => post(new Uint8Array(gzipSync(Buffer.alloc(100 * 1024 * 1024))), adminToken, { 'content-encoding': 'gzip' }), 413, 'BAD_REQUEST'],
])('%s it is refused, and nothing is kept', async (_, request, status, code) => {
  const response = await request();
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(await bench.query('select from inbound_messages')).toEqual([]);
});

test('a viewer is refused before the mail comes', async () => {
  const outgoing = request(`${api.url}inbound`, { method: 'POST', agent: false, headers: { authorization: 'Bearer key-of-viewer', 'content-length': 1_000 } });
  outgoing.on('error', () => {});
  outgoing.flushHeaders();
  const [{ statusCode }] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect(statusCode).toBe(403);
  outgoing.destroy();
});

test('without its table it answers SCHEMA_NOT_READY with what is missing, so that the sender tries again', async () => {
  await bench.query('alter table inbound_messages rename to inbound_away');
  const response = await post(reply);
  await bench.query('alter table inbound_away rename to inbound_messages');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'SCHEMA_NOT_READY', missing: expect.arrayContaining(['inbound_messages']) } }] });
});
