import 'reflect-metadata';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { connectThroughPoolers } from './connectThroughPoolers.ts';
import { DatabaseClient } from './databaseClient.ts';
import { endingWithRequests } from './endingWithRequests.ts';
import { entities } from './index.ts';
import { releaseLostClients } from './releaseLostClients.ts';

export interface OrmOptions {
  /** postgresql://… */
  url: string;
  /** connections at most; 10 unless told */
  poolSize?: number;
  /** shown in pg_stat_activity */
  applicationName?: string;
  /** PostgreSQL ends a statement that takes longer (ms); never unless told */
  statementTimeoutMs?: number;
}

function prepare(pool: Pool): void {
  releaseLostClients(pool);
  connectThroughPoolers(pool);
}

/** Connects lazily: a database that is down is met by the first query, not here. */
export async function createOrm({ url, poolSize = 10, applicationName = 'outrider', statementTimeoutMs = 0 }: OrmOptions): Promise<MikroORM> {
  // Not MikroORM.init: it looks for extensions in node_modules, and loads what it finds.
  return new MikroORM({
    clientUrl: url,
    entities,
    metadataProvider: ReflectMetadataProvider,
    pool: { min: 0, max: poolSize },
    // MikroORM reads only where the database is; the rest of the URL, such as sslmode, is for pg to read.
    driverOptions: { connectionString: url, application_name: applicationName, connectionTimeoutMillis: 5_000, statement_timeout: statementTimeoutMs || undefined, onPoolCreated: prepare, Client: endingWithRequests(DatabaseClient) },
    schemaGenerator: { ignoreSchema: ['pgboss'], skipTables: ['schema_migrations', 'schema_drifts', 'schema_changes', 'schema_past_drifts', 'schema_repairs'], ignoreTriggers: true, ignoreRoutines: true },
    forceUtcTimezone: true,
    connect: false,
  } as Options);
}
