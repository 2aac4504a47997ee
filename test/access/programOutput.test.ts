import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOutrider, startOutrider } from '../support/program.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'outrider-output-'));
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** One in each place where the environment may have one; where nothing of it is right, nothing of it may be quoted. */
const marked = {
  DATABASE_URL: 'postgresql://marked:MARKED-database@127.0.0.1:1/none',
  DATABASE_OWNER_URL: 'postgresql://marked:MARKED%20owner@127.0.0.1:1/none',
  DATABASE_REPLICA_URLS: 'postgresql://a:MARKED-replica@127.0.0.1:1/none,postgresql://127.0.0.1:1/none?user=b&password=MARKED-replica-too',
  EVENTS_URL: 'nats://u:MARKED-events@127.0.0.1:1,nats://u:MARKED-events-too@127.0.0.1:1',
  SMTP_URL: 'smtp://u:MARKED-smtp@127.0.0.1:1', IMAP_URL: 'imap://u:MARKED-imap@127.0.0.1:1/INBOX',
  MAIL_FROM: 'Ada <ada@example.org>',
  OUTRIDER_TOKEN: 'MARKED-token-of-admin,MARKED-token-before', SECRET_KEY: 'MARKED-secret-key-1,MARKED-secret-key-2',
  SOCIAL_WEBHOOK_URL: 'http://u:MARKED-hook@127.0.0.1:1/', SOCIAL_WEBHOOK_SECRET: 'MARKED-webhook-secret',
  LLM_BASE_URL: 'http://u:MARKED-model@127.0.0.1:1/v1', LLM_API_KEY: 'MARKED-model-key', LLM_MODEL: 'm',
  GITHUB_TOKEN: 'MARKED-github', PGPASSWORD: 'MARKED-pgpassword',
  JWT_ISSUER: 'x', JWT_AUDIENCE: 'y', JWT_JWKS_URL: 'http://u:MARKED-jwks@127.0.0.1:1/jwks',
};

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['the help of a command', ['serve', '--help'], {}, /Usage: outrider serve/],
  ['bad usage', ['serve', '--nonsense'], {}, /unknown option/],
  ['a database that is away', ['migrate'], {}, /cannot be used \(connect ECONNREFUSED/],
  ['a verdict on a database that is away', ['schema', 'check', '--json'], {}, /UNREACHABLE|UNVERIFIED/],
  ['a key for a database that is away', ['token', 'create', '--name', 'x', '--role', 'viewer'], {}, /does not answer|ECONNREFUSED/],
  ['a start without its database', ['serve'], {}, /./],
  ['a password that is not written as in a URL', ['migrate'], { DATABASE_URL: 'postgresql://marked:MARKED#pass/word@127.0.0.1:1/none', DATABASE_OWNER_URL: '' }, /%2F %23/],
  ['a URL of another kind', ['migrate'], { DATABASE_URL: 'mysql://u:MARKED-mysql@h/db' }, /Set DATABASE_URL to another value: must look like postgresql:\/\/user:password@host:5432\/database/],
  ['a host that is not known', ['migrate'], { DATABASE_URL: 'postgresql://marked:MARKED-host@nowhere.invalid/none', DATABASE_OWNER_URL: '' }, /./],
  ['a URL of a mail server of another kind', ['worker'], { SMTP_URL: 'MARKED-smtp-host:25' }, /Set SMTP_URL to another value/],
  ['an events server of another kind', ['serve'], { EVENTS_URL: 'amqp://u:MARKED-amqp@h' }, /Set EVENTS_URL to another value/],
  ['a token that is too short', ['serve'], { OUTRIDER_TOKEN: 'MARKED' }, /Set OUTRIDER_TOKEN to another value/],
  ['a key that is none', ['serve'], { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 's', DKIM_PRIVATE_KEY: 'MARKED-no-pem' }, /Set DKIM_PRIVATE_KEY to another value/],
  ['a port that is none', ['serve'], { PORT: 'MARKED-port' }, /Set PORT to another value/],
  ['a folder that cannot be', ['token', 'create', '--name', 'x', '--role', 'viewer'], { DATABASE_URL: '', DATABASE_OWNER_URL: '', DATABASE_REPLICA_URLS: '', DATA_DIR: '/dev/null/x' }, /./],
])('%s: no secret is printed', async (_what, args, changes, says) => {
  const { code, out, err } = await runOutrider(args, { DATA_DIR: dataDir, ...marked, ...changes });
  expect(out + err).toMatch(says);
  expect(out + err).not.toMatch(/MARKED/);
  expect(out + err).not.toMatch(/^\s+at /m);
  if (!args.includes('--help')) expect(code).not.toBe(0);
});

const error = `Object.assign(new Error("no insert into x values ('MARKED-row') at postgresql://u:MARKED-url@db.example/x for ada@marked.example, MARKED-token-of-admin"), { detail: 'MARKED-detail', input: 'MARKED-input' })`;

test.each([
  ['an error that nobody catches', `throw ${error}`, /an error$/],
  ['a promise that nobody waits for', `Promise.reject(new Error('outer', { cause: ${error} }))`, /a rejected promise$/],
  ['what is no error', `throw 'MARKED-token-of-admin'`, /an error$/],
])('%s ends the server with one line of the log, which has no secret, and exit code 1', async (_what, what, says) => {
  // Where nothing of the program catches it.
  const fault = join(dataDir, 'fault.mjs');
  writeFileSync(fault, `process.on('SIGUSR2', () => { ${what}; });`);
  const serving = startOutrider(['serve'], { DATABASE_URL: database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: 'MARKED-token-of-admin', LOG_LEVEL: 'silent', NODE_OPTIONS: `--import=${fault}` });
  await serving.says(/Outrider is ready/);
  serving.process.kill('SIGUSR2');
  const { code, err } = await serving.ended;
  expect(code).toBe(1);
  expect(err).not.toMatch(/MARKED|marked\.example/);
  const lines = err.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'fatal', time: expect.any(String), err: { type: expect.any(String) }, msg: expect.stringMatching(says) }]);
});

test('what Node.js warns of is a line of the log, which has no secret, and the server goes on', async () => {
  const fault = join(dataDir, 'warning.mjs');
  writeFileSync(fault, `process.on('SIGUSR2', () => process.emitWarning("postgresql://u:MARKED-url@db.example/x for ada@marked.example, MARKED-token-of-admin", { code: 'DEP9999', detail: 'MARKED-detail' }));`);
  const serving = startOutrider(['serve'], { DATABASE_URL: database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: 'MARKED-token-of-admin', NODE_OPTIONS: `--import=${fault}` });
  const url = (await serving.says(/http:\/\/\S+/)).trim();
  const told = new Promise((done) => serving.process.stderr!.once('data', done));
  serving.process.kill('SIGUSR2');
  await told;
  expect((await fetch(new URL('/livez', url))).status).toBe(200);
  serving.process.kill('SIGTERM');
  const { code, err } = await serving.ended;
  expect(code).toBe(0);
  expect(err).not.toMatch(/MARKED|marked\.example/);
  expect(err.trim().split('\n').map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', time: expect.any(String), kind: 'Warning', err: { message: expect.stringMatching(/\S/) }, msg: 'Node.js warns' }]);
});
