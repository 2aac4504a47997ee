import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { startOutrider, type Program } from '../support/program.ts';

let database: TestDatabase;
let dataDir: string;
beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-serve-'));
});
afterEach(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

function outrider(args: string[], environment: Record<string, string> = {}): Program {
  return startOutrider(args, { DATABASE_URL: database.url, DATA_DIR: dataDir, ...environment });
}

test('says where it is ready, keeps its token to its owner, and ends with 0 after SIGTERM', async () => {
  const serving = outrider(['serve']);
  const login = await serving.says(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
  expect((await fetch(login, { redirect: 'manual' })).status).toBe(303);
  expect(statSync(join(dataDir, 'token')).mode & 0o777).toBe(0o600);
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
});

test('under strict a missing column stops it before it listens, and it names the column, the operations and the command', async () => {
  await queryOnce(database.url, 'alter table jobs drop column drafts_created cascade');
  const { code, err: errors } = await outrider(['serve']).ended;
  expect(code).toBe(1);
  expect(errors).toContain('jobs.drafts_created');
  expect(errors).toContain('Mutation.startDraftJob');
  expect(errors).toContain('"outrider ');
});

test('under degrade it starts all the same', async () => {
  await queryOnce(database.url, 'alter table jobs drop column drafts_created cascade');
  const serving = outrider(['serve'], { SCHEMA_POLICY: 'degrade' });
  expect(await serving.says(/Outrider is ready at \S+/)).toContain('http://127.0.0.1:');
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
});

test('a port in use is one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const { port } = other.address() as AddressInfo;
  try {
    const { code, err: errors } = await outrider(['serve'], { PORT: String(port) }).ended;
    expect(code).toBe(1);
    expect(errors.trim()).toBe(`Port ${port} on 127.0.0.1 is in use: stop what listens there, or set PORT to another one.`);
  } finally {
    other.close();
  }
});

test('another HOST without SECRET_KEY is refused', async () => {
  const { code, err: errors } = await outrider(['serve'], { HOST: '0.0.0.0' }).ended;
  expect(code).toBe(1);
  expect(errors).toContain('SECRET_KEY');
});

test('token create prints a key once, which works, and stores its hash only', async () => {
  const creating = outrider(['token', 'create', '--name', 'Ada', '--role', 'viewer']);
  const key = await creating.says(/outrider_key_\S+/);
  expect((await creating.ended).code).toBe(0);
  expect(await queryOnce(database.url, `select name, role, hash like '%key%' as plain from api_keys`)).toEqual([{ name: 'Ada', role: 'viewer', plain: false }]);
  const expiring = await outrider(['token', 'create', '--name', 'Grace', '--role', 'viewer', '--expires', '90d']).ended;
  expect(expiring.code).toBe(0);
  expect(await queryOnce(database.url, `select expires_at > now() + interval '89 days' and expires_at <= now() + interval '90 days' as ends from api_keys where name = 'Grace'`)).toEqual([{ ends: true }]);
  const wrong = await outrider(['token', 'create', '--name', 'Eve', '--role', 'viewer', '--expires', '2027-02-30']).ended;
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('90d, or a day')]);
  const serving = outrider(['serve']);
  const url = (await serving.says(/http:\/\/127\.0\.0\.1:\d+\//)).trim();
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { name role } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { name: 'Ada', role: 'VIEWER' } } });
  serving.process.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
});
