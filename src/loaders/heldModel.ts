import { sql, type Kysely } from 'kysely';
import type { Held } from './heldMessages.ts';
import type { Loaders } from './Loaders.ts';

const field = {};

/** What holds the jobs that a language model writes for: its rate, or its endpoint has asked everybody to wait. Asked once a request. */
export function heldModel({ db, loaders }: { db: Kysely<never>; loaders: Loaders }): Promise<Held | null> {
  const load = async (keys: readonly string[]) => {
    const { rows } = await sql<{ until: string }>`
      select to_timestamp(expire / 1000.0)::text as until from rate_limits
      where key = 'language_model' and to_timestamp(expire / 1000.0) > now() + interval '2 seconds'`.execute(db);
    const [held] = rows.map(({ until }) => ({ reason: 'The language model takes no more requests for now.', until: new Date(until).toISOString() }));
    return keys.map(() => held ?? null);
  };
  return loaders.for(field, 'heldModel', () => ({ name: 'heldModel', load })).load('any');
}
