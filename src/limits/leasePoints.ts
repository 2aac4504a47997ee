import type { Pool } from 'pg';

export interface Wanted {
  needed: number;
  most: number;
  pointsPerSecond: number;
  burst: number;
}

export interface Lease {
  /** 0, or as many points as needed at least and as wanted at most */
  granted: number;
  /** in the bucket now */
  left: number;
  /** when nothing was granted: until as many as needed can be */
  waitMs: number;
}

export type LeasePoints = (key: string, wanted: Wanted) => Promise<Lease>;

interface Row {
  now: string;
  granted: string | null;
  full: string | null;
  /** before this lease, when there was one */
  before: string | null;
}

/**
 * A bucket is a row: `expire` is the moment, in ms by the database's clock, from which it is full. Points are milliseconds of
 * its filling, so that one conditional statement takes what there is; excluded.expire is now and the portion.
 */
const statement = `
  with moment as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now),
  taken as (
    insert into rate_limits as bucket (key, points, expire)
    select $1, $3::int, now + $3::int from moment
    on conflict (key) do update set
      points = least($3::int, excluded.expire - $3::int + $4::bigint - greatest(bucket.expire, excluded.expire - $3::int)),
      expire = least(greatest(bucket.expire, excluded.expire - $3::int) + $3::int, excluded.expire - $3::int + $4::bigint)
    where greatest(bucket.expire, excluded.expire - $3::int) + $2::int <= excluded.expire - $3::int + $4::bigint
    returning points, expire
  )
  select moment.now, taken.points as granted, taken.expire as full, (select expire from rate_limits where key = $1) as before
  from moment left join taken on true`;

/** Leases from the table `rate_limits`, one statement a portion, for every process of the same database. */
export function createLeasing(pool: Pool): LeasePoints {
  return async (key, { needed, most, pointsPerSecond, burst }) => {
    const pointsPerMs = pointsPerSecond / 1000;
    const neededMs = Math.ceil(needed / pointsPerMs);
    const burstMs = Math.max(Math.floor(burst / pointsPerMs), neededMs);
    const mostMs = Math.min(Math.max(Math.ceil(most / pointsPerMs), neededMs), burstMs);
    const { rows } = await pool.query<Row>(statement, [`requests:${key}`.slice(0, 255), neededMs, mostMs, burstMs]);
    const { now, granted, full, before } = rows[0]!;
    const emptyFor = Math.max(0, Number(full ?? before ?? 0) - Number(now));
    return {
      granted: granted === null ? 0 : Number(granted) * pointsPerMs,
      left: Math.max(0, burstMs - emptyFor) * pointsPerMs,
      waitMs: Math.max(1, emptyFor + neededMs - burstMs),
    };
  };
}
