/** `npm run migration -- NAME`: writes the next migration from what changed in the entities. For a checkout only. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import type { writeExpectedCatalog } from '../health/buildCatalog.ts';
import { migrate } from '../migrate/migrate.ts';
import { writeMigration } from '../migrate/writeMigration.ts';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';
import { schemaChanges } from './schemaChanges.ts';

const title = (process.argv[2] ?? '').trim().toLowerCase().replaceAll(/[\s-]+/g, '_');
if (/^[a-z]\w*$/.test(title)) {
  await makeMigration();
} else {
  process.stderr.write('Say what the migration does, in a few words: npm run migration -- add_score_to_prospects\n');
  process.exitCode = 2;
}

async function makeMigration(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'outrider-migration-'));
  // PostgreSQL may have to run as another user than this one.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, fast: true, log: say });
  try {
    const present = await createDatabase(postgres.url, 'present');
    await migrate({ url: present });
    const statements = await schemaChanges(present);
    if (statements.length === 0) {
      say('The entities ask for nothing that the migrations do not make: no migration was written.');
      return;
    }
    const name = writeMigration(resolve('src/migrations'), title, statements);
    // From the sources, because the compiled program does not have the new migration yet.
    const { writeExpectedCatalog: renew } = (await import(pathToFileURL(resolve('src/health/buildCatalog.ts')).href)) as { writeExpectedCatalog: typeof writeExpectedCatalog };
    await renew(await createDatabase(postgres.url, 'next'));
    say(`Wrote src/migrations/${name}.ts (${statements.length} statement${statements.length === 1 ? '' : 's'}) and renewed src/health/expectedCatalog.json. Read the SQL before you commit it.`);
    for (const statement of statements.filter((text) => /\bdrop (table|column|type)\b/i.test(text))) say(`It loses data: ${statement}`);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
