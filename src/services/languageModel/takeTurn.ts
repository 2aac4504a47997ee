import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';

const key = 'language_model';
const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * Takes the next turn to ask the language model, when it has come: all workers together start as many requests a minute,
 * evenly spaced, by the database's clock. `rate_limits.expire` is when the next one may start.
 * @returns 0, or how many milliseconds to wait before trying again
 */
export async function takeTurn(db: Kysely<any>, requestsPerMinute: number): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      insert into rate_limits as turn (key, points, expire) values (${key}, 1, ${now} + ${gapOf(requestsPerMinute)}::bigint)
      on conflict (key) do update set expire = ${now} + ${gapOf(requestsPerMinute)}::bigint
      where coalesce(turn.expire, 0) <= ${now}
      returning key
    )
    select count(*)::int as taken from taken`.execute(db);
  return rows[0]!.taken > 0 ? 0 : Math.max(1, await turnComesIn(db));
}

/** In how many milliseconds the next turn comes; 0 when it has. */
export async function turnComesIn(db: Kysely<any>): Promise<number> {
  const { rows } = await sql<{ wait: number }>`select greatest(0, expire - ${now})::int as wait from rate_limits where key = ${key}`.execute(db);
  return rows[0]?.wait ?? 0;
}

/** Whoever asks next, wherever, waits so many milliseconds at least. */
export async function holdBack(db: Kysely<any>, ms: number): Promise<void> {
  await sql`
    insert into rate_limits as turn (key, points, expire) values (${key}, 1, ${now} + ${Math.ceil(ms)}::bigint)
    on conflict (key) do update set expire = greatest(turn.expire, excluded.expire)`.execute(db);
}

/** Rejects with the reason of `signal` once that is aborted. */
export async function waitForTurn(db: Kysely<any>, requestsPerMinute: number, signal: AbortSignal): Promise<void> {
  for (let wait = await takeTurn(db, requestsPerMinute); wait > 0; wait = await takeTurn(db, requestsPerMinute)) {
    await sleep(Math.min(wait, 1_000), undefined, { signal });
  }
}

const gapOf = (requestsPerMinute: number): number => Math.ceil(60_000 / requestsPerMinute);
