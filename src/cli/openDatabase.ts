import { Client } from 'pg';
import type { Environment } from '../config/environment.ts';
import type { Outreach } from '../config/outreach.ts';
import { localSecretKey } from '../config/secrets.ts';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';

const databaseName = 'outrider';
/** Both are what PostgreSQL says to the second of two that create it at once. */
const alreadyThere = ['42P04', '23505'];

export interface OpenDatabase {
  /** connects as the role that serves */
  url: string;
  /** connects as the role that migrates and repairs */
  ownerUrl: string;
  /** true when it is the embedded PostgreSQL */
  embedded: boolean;
  /** with the secret key of the embedded default where SECRET_KEY is not set */
  outreach: Outreach;
  /** stops what `openDatabase` started; nothing where the database is somebody else's */
  stop(): Promise<void>;
}

/**
 * The database of DATABASE_URL, or else the embedded PostgreSQL in DATA_DIR, started if no other process has.
 * @throws {EmbeddedPostgresError} one sentence, when the embedded one cannot run
 */
export async function openDatabase(environment: Environment, log: (line: string) => void): Promise<OpenDatabase> {
  if (environment.databaseUrl !== undefined) {
    return {
      url: environment.databaseUrl,
      ownerUrl: environment.databaseOwnerUrl ?? environment.databaseUrl,
      embedded: false,
      outreach: environment.outreach,
      stop: async () => {},
    };
  }
  const server = await startEmbeddedPostgres({ dataDir: environment.dataDir, log });
  const url = new URL(server.url);
  url.pathname = `/${databaseName}`;
  await createDatabase(server.url);
  const secretKeys = environment.outreach.secretKeys.length > 0 ? environment.outreach.secretKeys : [localSecretKey(environment.dataDir)];
  return {
    url: url.href,
    ownerUrl: environment.databaseOwnerUrl ?? url.href,
    embedded: true,
    outreach: { ...environment.outreach, secretKeys },
    stop: () => server.stop(),
  };
}

async function createDatabase(serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) {
      await client.query(`create database ${databaseName}`);
    }
  } catch (error) {
    // Another process may have created it in between.
    if (!alreadyThere.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
