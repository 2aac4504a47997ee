import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startOutrider, type Program } from '../support/program.ts';

const token = 'admin-token-of-the-tests';
let database: TestDatabase;
let dataDir: string;
let serving: Program;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-refused-'));
  serving = startOutrider(['serve'], { DATABASE_URL: database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token, LOG_LEVEL: 'error' });
  url = (await serving.says(/http:\/\/127\.0\.0\.1:\d+\//)).trim();
});
afterAll(async () => {
  serving.process.kill('SIGTERM');
  await serving.ended;
  rmSync(dataDir, { recursive: true, force: true });
  await database.drop();
});

test('an upload that was refused, and goes on with what cannot be unpacked, ends no server', async () => {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  // For its mapping, before anything of it is read.
  socket.write(`POST /import?format=csv&mapping=[ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1000\r\nContent-Encoding: gzip\r\n\r\nx`);
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 422 /);
  const closed = once(socket, 'close');
  socket.end('x'.repeat(999));
  await closed;
  for (let time = 0; time < 3; time++) expect((await fetch(`${url}health/ready`)).status).toBe(200);
  expect(serving.process.exitCode).toBeNull();
});
