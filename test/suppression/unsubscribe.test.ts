import { randomUUID } from 'node:crypto';
import { suppressionHashes } from '../../src/domain/suppressionHash.ts';
import { SuppressionKind } from '../../src/domain/enums.ts';
import { readUnsubscribeToken, unsubscribeUrl } from '../../src/mail/unsubscribeLink.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { OutreachBench } from './support.ts';

const keys = ['the first key of the tests', 'the second key of the tests'];
const outreach = outreachOf({ secretKeys: keys, publicUrl: 'https://outreach.example' });
let api: Api;
let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
  api = await startApi(bench.bench.database.url, outreach);
});
afterAll(async () => {
  await api.stop();
  await bench.close();
});
beforeEach(() => bench.query('truncate prospects, email_messages, suppressions, activities cascade'));

const linkOf = (messageId: string, of = outreach) => `${api.url}${new URL(unsubscribeUrl(of, messageId)).pathname.slice(1)}`;
const oneClick = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' };
const suppressions = () => bench.query('select kind, hash, reason, created_by from suppressions');

async function sent(): Promise<{ prospectId: string; messageId: string }> {
  const prospectId = await bench.prospect('grace');
  return { prospectId, messageId: await bench.email(prospectId, 'sent') };
}

test('opening the link shows a page with a button and changes nothing', async () => {
  const { prospectId, messageId } = await sent();
  const response = await fetch(linkOf(messageId));
  const page = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch('text/html');
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(page).toMatch(/<html lang="en">[^]*<main>[^]*<h1>[^]*<form method="post"><button type="submit">Unsubscribe<\/button>/);
  expect(await suppressions()).toEqual([]);
  expect(await bench.stageOf(prospectId)).not.toBe('excluded');
});

test('HEAD, as scanners send it, changes nothing', async () => {
  const { messageId } = await sent();
  expect((await fetch(linkOf(messageId), { method: 'HEAD' })).status).toBe(200);
  expect(await suppressions()).toEqual([]);
});

test.each([
  ['one click', oneClick],
  ['one click as multipart/form-data', { method: 'POST', body: (() => { const form = new FormData(); form.set('List-Unsubscribe', 'One-Click'); return form; })() }],
  ["the page's button", { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null' }, body: '' }],
])('%s suppresses the address and cancels what waits', async (_, request) => {
  const { prospectId, messageId } = await sent();
  await bench.email(prospectId, 'queued', { followUp: true });
  await bench.social(prospectId, 'queued');
  const response = await fetch(linkOf(messageId), request);
  expect(response.status).toBe(200);
  expect(await suppressions()).toEqual([
    { kind: 'email', hash: suppressionHashes(keys, SuppressionKind.EMAIL, 'grace@grace.example')[0], reason: 'unsubscribed', created_by: 'recipient' },
  ]);
  expect(await bench.stageOf(prospectId)).toBe('excluded');
  expect((await bench.messages(prospectId)).map(({ status }) => status).sort()).toEqual(['cancelled', 'cancelled', 'sent']);
});

test('again and at once is the same answer and one suppression', async () => {
  const { messageId } = await sent();
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(linkOf(messageId), oneClick)));
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(texts).size).toBe(1);
  expect(await suppressions()).toHaveLength(1);
  expect(await bench.query(`select action from activities where action = 'prospect.excluded'`)).toHaveLength(1);
});

test('suppresses the address that the mail went to, and excludes the prospect that has another one by now', async () => {
  const { prospectId, messageId } = await sent();
  await bench.query(`update prospects set email = 'new@else.example' where id = $1`, [prospectId]);
  await fetch(linkOf(messageId), oneClick);
  expect((await suppressions())[0].hash).toBe(suppressionHashes(keys, SuppressionKind.EMAIL, 'grace@grace.example')[0]);
  expect(await bench.stageOf(prospectId)).toBe('excluded');
});

test('a link that another key of SECRET_KEY has signed works', async () => {
  const { prospectId, messageId } = await sent();
  const url = linkOf(messageId, outreachOf({ secretKeys: [keys[1]!], publicUrl: 'https://outreach.example' }));
  expect((await fetch(url, oneClick)).status).toBe(200);
  expect(await bench.stageOf(prospectId)).toBe('excluded');
});

test.each([
  ['nonsense', () => 'nonsense'],
  ['nothing but letters', () => 'a'.repeat(43)],
  ['of another key', () => new URL(unsubscribeUrl({ ...outreach, secretKeys: ['a key of somebody else'] }, randomUUID())).pathname.slice(13)],
  ['%00', () => '%00'],
  ['very long', () => 'a'.repeat(5_000)],
])('a token that is %s answers 404 with a sentence', async (_, token) => {
  for (const method of ['GET', 'POST']) {
    const response = await fetch(`${api.url}unsubscribe/${token()}`, { method });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('This link does not work');
  }
});

test('a signed link to a message that is not there answers 404, and not that all is well', async () => {
  expect((await fetch(linkOf(randomUUID()), oneClick)).status).toBe(404);
});

test('any other method answers 405', async () => {
  const response = await fetch(linkOf(randomUUID()), { method: 'PUT' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
});

test('a large body is refused before it is read', async () => {
  const { messageId } = await sent();
  const response = await fetch(linkOf(messageId), { method: 'POST', body: 'x'.repeat(20_000) });
  expect(response.status).toBe(413);
});

test('without its tables it answers 503 with a sentence', async () => {
  const { messageId } = await sent();
  await bench.query('alter table suppressions rename to suppressions_away');
  const response = await fetch(linkOf(messageId), oneClick);
  await bench.query('alter table suppressions_away rename to suppressions');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('You are not unsubscribed yet');
});

test('without the social tables it unsubscribes all the same', async () => {
  const { prospectId, messageId } = await sent();
  await bench.query('alter table social_messages rename to social_messages_away');
  const response = await fetch(linkOf(messageId), oneClick);
  await bench.query('alter table social_messages_away rename to social_messages');
  expect(response.status).toBe(200);
  expect(await bench.stageOf(prospectId)).toBe('excluded');
});

test('a link names the message, survives a rotation of keys, and needs PUBLIC_URL and SECRET_KEY', () => {
  const id = randomUUID();
  const token = new URL(unsubscribeUrl(outreach, id)).pathname.split('/').at(-1)!;
  expect(readUnsubscribeToken(outreach, token)).toBe(id);
  expect(readUnsubscribeToken({ ...outreach, secretKeys: ['a newer key of ours', ...keys] }, token)).toBe(id);
  expect(readUnsubscribeToken({ ...outreach, secretKeys: [] }, token)).toBeNull();
  expect(readUnsubscribeToken(outreach, `b${token.slice(1)}`)).toBeNull();
  expect(() => unsubscribeUrl({ ...outreach, publicUrl: undefined }, id)).toThrow('PUBLIC_URL');
  expect(() => unsubscribeUrl({ ...outreach, secretKeys: [] }, id)).toThrow('SECRET_KEY');
});
