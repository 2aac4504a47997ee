import type { MikroORM } from '@mikro-orm/postgresql';
import { type Kysely, sql } from 'kysely';
import { within } from './within.ts';

/** A use within this time of the last one that was written is none that anybody would miss (ms). */
const everyMs = 60_000;
/** Uses of this time are written by one statement (ms). */
const gatherMs = 1_000;
/** How long the end may wait for the last ones (ms). */
const endMs = 1_000;

export interface KeyUses {
  /** A key was good for something, now. Costs no statement of its own, never throws. */
  note(keyId: string): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/**
 * Keeps when API keys were last used, to about a minute, besides what requests do: where it cannot be written, because the
 * database is away, only reads, or has lost the column, nobody waits and nothing fails; it is tried again after a minute.
 */
export function recordKeyUses(orm: MikroORM, log: { warn(details: object, message: string): void }): KeyUses {
  const notedAt = new Map<string, number>();
  const waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  let hasFailed = false;

  const writeLater = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(write);
    }, ms).unref();
  };

  async function write(): Promise<void> {
    const uses = new Map(waiting);
    if (uses.size === 0) return;
    waiting.clear();
    try {
      await writeUses(orm.em.getKysely() as Kysely<any>, uses);
      hasFailed = false;
    } catch (error) {
      for (const [id, at] of uses) if (!waiting.has(id)) waiting.set(id, at);
      if (!hasFailed) log.warn({ err: error }, 'when API keys were last used cannot be written; they go on, and it is tried again');
      hasFailed = true;
      writeLater(everyMs);
    }
  }

  return {
    note(keyId) {
      const now = Date.now();
      if (now - (notedAt.get(keyId) ?? -Infinity) < everyMs) return;
      notedAt.set(keyId, now);
      waiting.set(keyId, now);
      writeLater(gatherMs);
    },
    async close() {
      if (timer) clearTimeout(timer);
      await within(endMs, writing.then(() => (hasFailed ? undefined : write())));
    },
  };
}

/** What another server wrote stays where it is newer; a key that somebody is revoking is left to the next time. */
async function writeUses(db: Kysely<any>, uses: ReadonlyMap<string, number>): Promise<void> {
  const times = [...uses.values()].map((at) => new Date(at).toISOString());
  await db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = '1s'`.execute(tx);
    await sql`
      update api_keys k set last_used_at = u.at
      from unnest(${[...uses.keys()]}::uuid[], ${times}::timestamptz[]) u(id, at)
      where k.id in (select id from api_keys where id = any(${[...uses.keys()]}::uuid[]) for update skip locked)
        and k.id = u.id and (k.last_used_at is null or k.last_used_at <= u.at - interval '55 seconds')`.execute(tx);
  });
}
