import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { proxy } from '../health/proxy.ts';
import { startOutrider } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-silent-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

test.each(['serve', 'worker', 'start'])('%s ends when it is told to, though the database says nothing any more', async (command) => {
  const through = await proxy(database.url);
  const program = startOutrider([command], { DATABASE_URL: through.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: 'a-token-of-the-tests' });
  if (command === 'worker') {
    await waitFor(() => through.sent().includes('insert into workers'));
  } else {
    const url = (await program.says(/http:\/\/127\.0\.0\.1:\d+\//)).trim();
    const asked = { method: 'POST', headers: { authorization: 'Bearer a-token-of-the-tests', 'content-type': 'application/json' }, body: '{"query":"{ prospects { totalCount } jobs { totalCount } }"}' };
    expect((await fetch(`${url}graphql`, asked)).status).toBe(200);
  }
  through.hang();
  program.process.kill('SIGTERM');
  const { code } = await program.ended;
  through.stop();

  expect(code).toBe(0);
});
