import type { MikroORM } from '@mikro-orm/postgresql';
import { closeConnections } from '../app/closeConnections.ts';
import { openServer } from '../app/openServer.ts';
import type { RunningServer } from '../app/server.ts';
import { startWorker } from '../app/worker.ts';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import type { Outreach } from '../config/outreach.ts';
import { createOrm } from '../database/createOrm.ts';
import { openDatabase } from './openDatabase.ts';
import { exitOnSignal } from './untilSignal.ts';

export interface Everything {
  server: RunningServer;
  /** the worker's; also for what a command does itself */
  orm: MikroORM;
  databaseUrl: string;
  outreach: Outreach;
  /** stops what was started, in the reverse order, PostgreSQL included */
  stop(): Promise<void>;
}

/** A database, a server and a worker in one process; the schema is migrated first unless SCHEMA_POLICY says otherwise. */
export async function openAll(environment: Environment, log: Logger, say: (line: string) => void): Promise<Everything> {
  exitOnSignal();
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let close = stops.pop(); close; close = stops.pop()) {
      await close();
    }
  };
  try {
    const database = await openDatabase(environment, say);
    stops.push(() => database.stop());
    const server = await openServer({ environment, database, log, policy: environment.schemaPolicy ?? 'migrate' });
    stops.push(() => server.close());
    const orm = await createOrm({ url: database.url, applicationName: 'outrider worker' });
    stops.push(() => closeConnections(orm.close(true)));
    const worker = startWorker({ orm, url: database.url, eventsUrl: environment.eventsUrl, log, outreach: database.outreach, retention: environment.retention });
    stops.push(() => worker.stop());
    return { server, orm, databaseUrl: database.url, outreach: database.outreach, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
