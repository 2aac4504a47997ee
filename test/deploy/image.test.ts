import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildDashboard, buildProgram } from '../support/build.ts';
import { createEmptyDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { readDockerfile, textsOf } from './dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const image = readDockerfile().at(-1)!;
const token = 'token-of-the-image-test';
/** Every mount of its own namespace read-only, then the image's user with no capability and no way to one. */
const isolation = `
  mount --make-rprivate / || exit 1
  for at in $(awk '{ print $5 }' /proc/self/mountinfo | sort -r); do mount -o remount,bind,ro "$at" 2>/dev/null; done
  touch "$PWD/it-can-be-written" 2>/dev/null && exit 1
  exec setpriv --reuid=1000 --regid=1000 --clear-groups --bounding-set=-all --no-new-privs "$@"
`;
const isolated = (command: string[]) => ['-m', 'sh', '-c', isolation, 'sh', ...command];
const canIsolate = spawnSync('unshare', isolated([process.execPath, '--version'])).status === 0;
if (!canIsolate) console.warn('Skipped: the read-only root file system takes root, unshare and setpriv (Linux), and a Node.js that every user may run.');
const testIsolated = canIsolate ? test : test.skip;

let app: string;
let database: TestDatabase;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  [database] = await Promise.all([createEmptyDatabase(), buildProgram(), buildDashboard()]);
  app = mkdtempSync(join(tmpdir(), 'outrider-image-'));
  // As the last stage copies it: `/build/dist` to `dist`.
  for (const copied of textsOf(image, 'COPY')) {
    const [, ...paths] = copied.split(/\s+/);
    const target = paths.pop()!;
    for (const path of paths) cpSync(join(root, path.replace(/^\/build\//, '')), join(app, target, target === './' ? path.replace(/^\/build\//, '') : ''), { recursive: true });
  }
  spawnSync('chmod', ['-R', 'a+rX', app]);
  const set = textsOf(image, 'ENV').flatMap((line) => line.split(/\s+/)).map((pair) => pair.split('=', 2));
  environment = {
    PATH: dirname(process.execPath),
    ...Object.fromEntries(set),
    DRAIN_SECONDS: '0',
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    SECRET_KEY: 'a-secret-key-of-the-image-test',
    OUTRIDER_TOKEN: token,
  };
});
afterAll(async () => {
  await database.drop();
  rmSync(app, { recursive: true, force: true });
});

/** What `docker run --read-only --cap-drop ALL` would start. */
function start(args: string[], variables: NodeJS.ProcessEnv = {}): { process: ChildProcess; output: () => string; ended: Promise<[number | null]> } {
  const entry = JSON.parse(textsOf(image, 'ENTRYPOINT')[0]!) as string[];
  const child = spawn('unshare', isolated([process.execPath, ...entry.slice(1), ...args]), {
    cwd: app,
    env: { ...environment, PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return { process: child, output: () => said, ended: once(child, 'exit') as Promise<[number | null]> };
}

/** The image's own health check; answers its exit code. */
async function checkHealth(): Promise<number | null> {
  const [, command] = /CMD (\[.*\])/.exec(textsOf(image, 'HEALTHCHECK')[0]!)!;
  const [, ...args] = JSON.parse(command!) as string[];
  const [code] = (await once(spawn(process.execPath, args, { env: environment, stdio: 'ignore' }), 'exit')) as [number | null];
  return code;
}

testIsolated('migrate, serve and worker run as the user of the image where nothing can be written, and a job gets done', async () => {
  const migrating = start(['migrate']);
  expect([await migrating.ended, migrating.output()]).toEqual([[0, null], expect.stringMatching(/Applied (\d+) of \1 migrations/)]);

  expect(await checkHealth()).toBe(1);
  const serving = start(['serve']);
  await waitFor(() => /Outrider is ready/.test(serving.output()), { timeoutMs: 60_000 });
  expect(await checkHealth()).toBe(0);
  const working = start(['worker']);
  await queryOnce(
    database.url,
    `insert into prospects (id, canonical_key, profile_url, display_name, review_status)
     values (gen_random_uuid(), 'example.org/target', 'https://example.org/target', 'Target', 'approved')`,
  );
  const query = 'mutation { startDraftJob(input: { subjectTemplate: "Hello", bodyTemplate: "Hello", expectedCount: 1 }) { job { id } userErrors { code message } } }';
  const answer = await fetch(`http://127.0.0.1:${environment['PORT']}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  expect(await answer.json()).toMatchObject({ data: { startDraftJob: { userErrors: [] } } });
  await waitFor(async () => (await queryOnce(database.url, `select from jobs where status = 'succeeded'`)).length > 0, { timeoutMs: 60_000 });

  serving.process.kill('SIGTERM');
  working.process.kill('SIGTERM');
  expect([(await serving.ended)[0], (await working.ended)[0]]).toEqual([0, 0]);
  expect(serving.output() + working.output()).not.toMatch(/EROFS|EACCES|EPERM/);
});

testIsolated('without OUTRIDER_TOKEN it says in one sentence what to set, because it can keep none', async () => {
  const serving = start(['serve'], { OUTRIDER_TOKEN: '', LOG_LEVEL: 'silent' });
  expect(await serving.ended).toEqual([1, null]);
  expect(serving.output()).toMatch(/^Set OUTRIDER_TOKEN to a long random text, or DATA_DIR to a folder that can be written: [^\n]*\n$/);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
