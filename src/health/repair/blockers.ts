import type { Client } from 'pg';

const LOOK_EVERY_MS = 300;

/** Who keeps a session waiting. */
export interface BlockerWatch {
  /** "process 4711 (psql, idle in transaction)"; null when nobody did */
  readonly last: string | null;
  stop(): void;
}

/** Looks, over another connection, at who keeps the session `pid` waiting; tells whenever that changes. */
export function watchBlockers(client: Client, pid: number | undefined, tell: (who: string) => void): BlockerWatch {
  let last: string | null = null;
  let asking = false;
  const look = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      const { rows } = await client.query<{ who: string }>(
        `select case when b.pid = 0 then 'a prepared transaction' else format('process %s (%s)', b.pid, concat_ws(', ', nullif(a.application_name, ''), a.state)) end as who
         from unnest(pg_blocking_pids($1)) b (pid) left join pg_stat_activity a on a.pid = b.pid`,
        [pid],
      );
      const who = rows.map((row) => row.who).join(' and ');
      if (who !== '' && who !== last) tell(who);
      if (who !== '') last = who;
    } catch {
      // Only an explanation is lost; the step itself says how it ends.
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    get last() {
      return last;
    },
    stop: () => clearInterval(timer),
  };
}
