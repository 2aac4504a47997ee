import type { Environment, SchemaPolicy } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import type { Outreach } from '../config/outreach.ts';
import { createOrm } from '../database/createOrm.ts';
import { createSchemaHealth, recordDrifts } from '../health/health.ts';
import { closeConnections } from './closeConnections.ts';
import { operationMap } from './operations.ts';
import { recordVerdicts } from './recordVerdicts.ts';
import { checkSchemaAtStart } from './schemaAtStart.ts';
import { startServer, type RunningServer } from './server.ts';

/** A request that waits for a lock must not keep its connection for ever. */
const statementTimeoutMs = 20_000;

export interface OpenServerOptions {
  environment: Environment;
  database: { url: string; ownerUrl: string; outreach: Outreach };
  log: Logger;
  policy: SchemaPolicy;
}

/**
 * Checks the schema as the policy says, then serves; closing it closes everything that was opened here.
 *
 * @throws {SchemaNotReadyError | ConfigurationError | CannotListenError} one sentence, before anything listens
 */
export async function openServer({ environment, database, log, policy }: OpenServerOptions): Promise<RunningServer> {
  const orm = await createOrm({ url: database.url, applicationName: 'outrider serve', statementTimeoutMs });
  const health = createSchemaHealth({
    url: database.url,
    policy: policy.toUpperCase() as Uppercase<SchemaPolicy>,
    operations: operationMap(orm),
    log,
  });
  let stopRecording = async () => {};
  let stopTelling = () => {};
  const release = async () => {
    stopTelling();
    await closeConnections(stopRecording());
    await health.close();
    await closeConnections(orm.close(true));
  };
  try {
    await checkSchemaAtStart({ policy, health, ownerUrl: database.ownerUrl, log });
    health.watch();
    stopRecording = recordDrifts({ url: database.url, health, log });
    stopTelling = recordVerdicts({ orm, health, log });
    const server = await startServer({ environment, outreach: database.outreach, orm, url: database.url, ownerUrl: database.ownerUrl, health, log });
    return {
      ...server,
      async close() {
        await server.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
