import { jest } from '@jest/globals';
import pg from 'pg';
import { startApi, type Api } from '../graphql/support.ts';
import { createReplicated, type Cluster } from '../support/cluster.ts';
import { outreachOf } from '../support/outreach.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

/** A primary with our schema, a streaming replica of it, and servers that read from the replica. */
export class ReplicatedBench {
  readonly #servers: Api[] = [];

  private constructor(
    readonly primary: Cluster,
    readonly standby: Cluster,
    readonly removeServers: () => Promise<void>,
  ) {}

  static async open(): Promise<ReplicatedBench> {
    const { primary, standby, remove } = await createReplicated();
    return new ReplicatedBench(primary, standby, remove);
  }

  /** A server; it has looked at its replicas when this resolves. */
  async serve(settings: Record<string, string> = {}): Promise<Api> {
    const api = await startApi(this.primary.url, outreachOf(), { DATABASE_REPLICA_URLS: this.standby.url, ...settings });
    this.#servers.push(api);
    await waitFor(async () => (await replicasOf(api)).every(({ reason }) => !reason?.endsWith('was not asked yet.')));
    return api;
  }

  /** A server whose replica is in use. */
  async serveFromReplica(settings: Record<string, string> = {}): Promise<Api> {
    const api = await this.serve(settings);
    await waitFor(async () => (await replicasOf(api)).every(({ inUse }) => inUse));
    return api;
  }

  /** Nothing of what the primary does is seen on the replica until `resume`. */
  async pause(): Promise<void> {
    await this.caughtUp();
    await queryOnce(this.standby.url, 'select pg_wal_replay_pause()');
    await waitFor(async () => (await queryOnce(this.standby.url, `select where pg_get_wal_replay_pause_state() = 'paused'`)).length > 0);
  }

  async resume(): Promise<void> {
    await queryOnce(this.standby.url, 'select pg_wal_replay_resume()');
  }

  async caughtUp(): Promise<void> {
    const [{ place }] = (await queryOnce<{ place: string }>(this.primary.url, 'select pg_current_wal_lsn() as place')) as [{ place: string }];
    await waitFor(async () => (await queryOnce(this.standby.url, `select where pg_last_wal_replay_lsn() >= '${place}'`)).length > 0);
  }

  async stopServers(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
  }

  async remove(): Promise<void> {
    await this.stopServers();
    await this.removeServers();
  }
}

export interface SeenReplica {
  name: string;
  inUse: boolean;
  lagMs: number | null;
  lagBytes: number | null;
  reason: string | null;
}

export async function replicasOf({ url }: Pick<Api, 'url'>): Promise<SeenReplica[]> {
  const response = await fetch(`${url}health/ready`);
  return ((await response.json()) as { replicas: SeenReplica[] }).replicas;
}

/** How many statements of requests on these tables this process sent to which port while it ran something. */
export async function statementsByPort(run: () => Promise<unknown>): Promise<Record<string, number>> {
  const sent: Record<string, number> = {};
  const original = pg.Client.prototype.query;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: any[]) {
    const text: unknown = typeof args[0] === 'string' ? args[0] : args[0]?.text;
    if (/\b(prospects|social_profiles|jobs)\b/.test(String(text))) sent[this.port] = (sent[this.port] ?? 0) + 1;
    return (original as any).apply(this, args);
  } as any);
  try {
    await run();
    return sent;
  } finally {
    spy.mockRestore();
  }
}

export const portOf = ({ url }: { url: string }): string => new URL(url).port;
