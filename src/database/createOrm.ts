import 'reflect-metadata';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { entities } from '../entities/index.ts';
import { acquireBy } from './acquireBy.ts';
import { DatabaseClient } from './databaseClient.ts';
import { endingWithRequests, refusing } from './endingWithRequests.ts';
import { releaseLostClients } from './releaseLostClients.ts';
import { sessionParameters } from './sessionParameters.ts';
import { sharing } from './sharing.ts';
import { throughPoolers } from './throughPoolers.ts';

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
  acquireBy(pool, throughPoolers, sharing, refusing);
}

/**
 * Connects lazily: a database that is down is met by the first query, not here. Once closed it stays so: what is late, such as a loop
 * in its last round, fails, where MikroORM would connect again and keep the process alive.
 */
export async function createOrm({ url, poolSize = 10, applicationName = 'outrider', statementTimeoutMs = 0 }: OrmOptions): Promise<MikroORM> {
  let isClosed = false;
  const onPoolCreated = (pool: Pool): void => {
    if (isClosed) throw new Error('The connections to the database are closed.');
    prepare(pool);
  };
  // Not MikroORM.init: it looks for extensions in node_modules, and loads what it finds.
  const orm = new MikroORM({
    clientUrl: url,
    entities,
    metadataProvider: ReflectMetadataProvider,
    pool: { min: 0, max: poolSize },
    // MikroORM reads only where the database is; the rest of the URL, such as sslmode, is for pg to read.
    driverOptions: { connectionString: url, application_name: applicationName, connectionTimeoutMillis: 5_000, sessionParameters: sessionParameters(statementTimeoutMs), onPoolCreated, Client: endingWithRequests(DatabaseClient) },
    schemaGenerator: { ignoreSchema: ['pgboss'], skipTables: ['schema_migrations', 'schema_drifts', 'schema_changes', 'schema_past_drifts', 'schema_repairs'], ignoreTriggers: true, ignoreRoutines: true },
    forceUtcTimezone: true,
    connect: false,
  } as Options);
  const close = orm.close.bind(orm);
  orm.close = (force) => {
    isClosed = true;
    return close(force);
  };
  return orm;
}
