import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { openMailSink, refusal, type MailSink } from '../sending/support.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { startOutrider } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { Issuer } from './issuer.ts';

/** Each in its place; none of them may stand in the log. */
const marked = {
  adminToken: 'MARKED-admin-token-of-this-test',
  databasePassword: 'MARKED-database-password',
  mailPassword: 'MARKED-mail-password',
  languageModelKey: 'MARKED-language-model-key',
  secretKey: 'MARKED-secret-key-of-this-test',
  wrongToken: 'MARKED-wrong-token',
  body: 'MARKED-body of a mail',
  address: 'marked.recipient@marked.example',
};
const role = 'marked_role';

let database: TestDatabase;
let mail: MailSink;
let model: Server;
let issuer: Issuer;
const dataDir = mkdtempSync(join(tmpdir(), 'outrider-log-'));

beforeAll(async () => {
  database = await createTestDatabase();
  await queryOnce(database.url, `create role ${role} login superuser password '${marked.databasePassword}'`);
  // A server that quotes in its answers whatever it was told.
  mail = await openMailSink({
    authOptional: false,
    onAuth: ({ username, password }, _session, done) => done(password === marked.mailPassword ? null : refusal(535, `no ${password}`), { user: username }),
    onRcptTo: ({ address }, _session, done) => done(refusal(550, `no ${address} for ${marked.mailPassword}`)),
  });
  model = createServer((request, response) => response.writeHead(401).end(JSON.stringify({ error: { message: `no ${request.headers.authorization}` } })));
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  issuer = await Issuer.start();
});
afterAll(async () => {
  model.close();
  await mail.close();
  await issuer.stop();
  await database.drop();
  await queryOnce(database.url.replace(/\/[^/]*$/, '/postgres'), `drop role ${role}`);
  rmSync(dataDir, { recursive: true, force: true });
});

test('the whole pipeline at the level trace, with failures, logs JSON with ids, and nothing that is marked', async () => {
  const url = new URL(database.url);
  Object.assign(url, { username: role, password: marked.databasePassword });
  const jwt = await issuer.sign({ sub: 'marked-person' });
  const program = startOutrider(['start'], {
    LOG_LEVEL: 'trace', DATA_DIR: dataDir, DATABASE_URL: url.href, OUTRIDER_TOKEN: marked.adminToken, SECRET_KEY: marked.secretKey, ...issuer.environment,
    SMTP_URL: mail.url.replace('//', `//user:${marked.mailPassword}@`), MAIL_FROM: 'Ada <marked.sender@marked.example>', PUBLIC_URL: 'https://outreach.example', DNS_SERVERS: '127.0.0.1:1',
    LLM_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`, LLM_API_KEY: marked.languageModelKey, LLM_MODEL: 'm',
  });
  try {
    const origin = (await program.says(/http:\/\/127\.0\.0\.1:\d+\//)).trim();
    const post = (query: string, variables = {}, headers: Record<string, string> = { authorization: `Bearer ${marked.adminToken}` }) =>
      fetch(`${origin}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
    const ask = async (query: string, variables = {}): Promise<any> => {
      const { data, errors } = (await (await post(query, variables)).json()) as any;
      expect(errors).toBeUndefined();
      const [payload] = Object.values<any>(data);
      expect(payload.userErrors ?? []).toEqual([]);
      return payload;
    };
    const ended = (id: string) => waitFor(async () => !['PENDING', 'RUNNING'].includes((await ask('query ($id: ID!) { job(id: $id) { status } }', { id })).status), { timeoutMs: 30_000 });

    const { prospect } = await ask(`mutation { createProspect(input: { displayName: "Marked Person", email: "${marked.address}" }) { prospect { id } userErrors { code message } } }`);
    await ask('mutation ($ids: [ID!]) { reviewProspects(input: { ids: $ids, decision: APPROVE }) { userErrors { code message } } }', { ids: [prospect.id] });
    const start = 'mutation ($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { code message } } }';
    const texts = { subjectTemplate: marked.body, bodyTemplate: `Dear ${marked.address}, ${marked.body}` };
    await ended((await ask(start, { input: { prospectIds: [prospect.id], drafter: 'LANGUAGE_MODEL', ...texts } })).job.id);
    await ended((await ask(start, { input: { prospectIds: [prospect.id], ...texts } })).job.id);
    const { nodes } = await ask('{ drafts { nodes { id fingerprint } } }');
    expect(nodes).toHaveLength(1);
    await ask('mutation ($input: ReviewDraftsInput!) { reviewDrafts(input: $input) { userErrors { code message } } }', { input: { decision: 'APPROVE', drafts: nodes } });
    await ended((await ask('mutation { sendMessages(input: { expectedCount: 1 }) { job { id } userErrors { code message } } }')).job.id);

    await post('{ viewer { name } }', {}, { authorization: `Bearer ${jwt}` });
    await post('{ viewer { name } }', {}, { authorization: `Bearer ${jwt.slice(0, -3)}` });
    await post('{ viewer { name } }', {}, { cookie: `outrider_token=${marked.wrongToken}` });
    await fetch(`${origin}jobs?token=${marked.wrongToken}-too`, { redirect: 'manual' });
    await fetch(`${origin}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${marked.adminToken}` }, body: `display_name,email\nx,${marked.address}\n"${marked.body}` });
    await new Promise((resolve) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${marked.wrongToken}` } })));
      socket.on('close', resolve);
    });

    // What nobody expects, with the row in what PostgreSQL says of it.
    await queryOnce(database.url, `create function fail() returns trigger language plpgsql as $$ begin raise exception 'unexpected' using errcode = 'XX000', detail = new::text; end $$`);
    await queryOnce(database.url, 'create trigger fails before insert on prospects for each row execute function fail()');
    const failed = (await (await post(`mutation { createProspect(input: { displayName: "${marked.body}", email: "second.${marked.address}" }) { userErrors { code } } }`, {}, {
      authorization: `Bearer ${marked.adminToken}`, 'x-request-id': 'request-that-fails',
    })).json()) as any;

    program.process.kill('SIGTERM');
    const { err } = await program.ended;
    const lines = err.trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, any>);
    const found = lines.filter((line) => /MARKED|marked\.(?:recipient|sender)|marked-person|eyJ/.test(line));
    expect(found).toEqual([]);
    const { errorId, code } = failed.errors[0].extensions;
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(entries).toContainEqual(expect.objectContaining({ errorId, requestId: 'request-that-fails', err: expect.objectContaining({ code: 'XX000', stack: expect.any(String) }) }));
  } finally {
    program.process.kill('SIGKILL');
  }
});
