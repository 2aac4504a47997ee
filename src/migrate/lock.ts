import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { MigrationLockedError } from './errors.ts';

/** Says "migrating" to every process on the same database; the number itself means nothing. */
export const MIGRATION_LOCK = 4_715_001_933;

/** Repairs take the same lock; what holds it under this name does not migrate. */
export const REPAIR_APPLICATION = 'outrider repair';

/**
 * Waits until this connection holds the migration lock. It asks again and again instead of waiting inside PostgreSQL:
 * a waiting statement has a snapshot, for which CREATE INDEX CONCURRENTLY of the holder would wait in turn.
 */
export async function takeMigrationLock(client: Client, timeoutMs: number, log: (line: string) => void): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let said = false; !(await tryLock(client)); said = true) {
    if (Date.now() > deadline) {
      throw new MigrationLockedError(`Another process has been migrating for more than ${timeoutMs / 1000} s (${await holder(client)}): wait for it or end it, then run migrate again.`);
    }
    if (!said) log(`Waiting for another process that is migrating (${await holder(client)}).`);
    await sleep(100);
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [MIGRATION_LOCK]);
  return rows[0]?.taken ?? false;
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('PostgreSQL process %s, %s, since %s', l.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), date_trunc('second', a.backend_start)) as holder
     from pg_locks l left join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [MIGRATION_LOCK],
  );
  return rows[0]?.holder ?? 'just ended';
}
