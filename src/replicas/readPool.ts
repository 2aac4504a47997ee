import { PostgreSqlConnection, type MikroORM } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { acquireBy } from '../database/acquireBy.ts';
import { refusing } from '../database/endingWithRequests.ts';
import { sharing } from '../database/sharing.ts';
import { throughPoolers } from '../database/throughPoolers.ts';
import { destroySocket } from './Probe.ts';

/** A replica that lets nobody in within this time (ms) is not waited for: the primary answers. */
const connectMs = 500;

export interface ReadPool {
  /** values come as through the ORM's own connections */
  db: Kysely<never>;
  /** Ends every connection at once, so that whoever waits for an answer hears of it; the next read opens another. */
  cut(): void;
  close(): Promise<void>;
}

/** Connections to a replica, opened when they are needed, with the settings of the ORM's own. */
export function openReadPool(orm: MikroORM, url: string): ReadPool {
  const clients = new Set<PoolClient>();
  const keepClients = (pool: Pool) => {
    acquireBy(pool, throughPoolers, sharing, refusing);
    pool.on('connect', (client) => void clients.add(client));
    pool.on('remove', (client) => void clients.delete(client));
  };
  const driverOptions = { ...(orm.config.get('driverOptions') as object), connectionString: url, application_name: 'outrider reads', connectionTimeoutMillis: connectMs, onPoolCreated: keepClients };
  const connection = new PostgreSqlConnection(orm.config, { clientUrl: url, driverOptions } as never, 'read');
  const db = connection.getClient() as unknown as Kysely<never>;
  return {
    db,
    cut: () => clients.forEach(destroySocket),
    close: () => connection.close(true),
  };
}
