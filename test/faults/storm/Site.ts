import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openMailSink, type MailSink } from '../../sending/support.ts';
import { createCluster, isRunning, type Cluster } from '../../support/cluster.ts';
import { waitFor } from '../../support/waitFor.ts';
import { OutriderProcess } from './OutriderProcess.ts';
import { Wire } from './Wire.ts';

export const token = 'the-token-of-the-storm';
const settings = ['max_connections=80', 'synchronous_commit=on', 'full_page_writes=on'];
/** Of the network to the database, each way: chunks take their time, so that faults find them in the middle. */
const delayMs = 6;
/** Of the mail server, once it has a mail: what it is to say is often lost. */
const answerMs = 60;

/** PostgreSQL, two servers, two workers and a mail server, each of them to be ended and started again. */
export class Site {
  readonly folder: string;
  readonly cluster: Cluster;
  readonly wire: Wire;
  readonly mail: MailSink;
  readonly servers: OutriderProcess[];
  readonly workers: OutriderProcess[];
  /** what faults found out that must not be */
  readonly complaints: string[] = [];

  private constructor(folder: string, cluster: Cluster, wire: Wire, mail: MailSink) {
    this.folder = folder;
    this.cluster = cluster;
    this.wire = wire;
    this.mail = mail;
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    const environment = {
      DATABASE_URL: wire.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token, SECRET_KEY: 'a secret key of the storm', PUBLIC_URL: 'http://127.0.0.1:1',
      SMTP_URL: mail.url, MAIL_FROM: 'Ada <ada@sender.example>', DNS_SERVERS: '127.0.0.1:1',
    };
    const make = (part: 'serve' | 'worker', number: number) => new OutriderProcess(part, `${part}-${number}`, environment, folder);
    this.servers = [make('serve', 1), make('serve', 2)];
    this.workers = [make('worker', 1), make('worker', 2)];
  }

  static async open(): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-storm-`));
    chmodSync(folder, 0o711);
    const cluster = await createCluster(...settings);
    const mail = await openMailSink({ onData: () => sleep(answerMs, null) });
    const site = new Site(folder, cluster, await Wire.open(cluster.url, delayMs), mail);
    await site.query(`insert into settings (key, value) values ('sending.email', '{"dailyCap": 1000000}')`);
    await site.revive();
    return site;
  }

  get processes(): OutriderProcess[] {
    return [...this.servers, ...this.workers];
  }

  /** Starts what does not run. */
  async revive(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.start()));
  }

  /** By a connection of its own, past the wire. */
  async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.cluster.url, application_name: 'storm' });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** By one connection, in a transaction that is rolled back. */
  async inTransaction<Result>(work: (query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: this.cluster.url, application_name: 'storm' });
    await client.connect();
    try {
      await client.query('begin');
      return await work(async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => (await client.query<Row>(text, values)).rows);
    } finally {
      await client.end();
    }
  }

  /** PostgreSQL ends without writing anything down (immediate shutdown), and recovers from its log. */
  async restartPostgres(pauseMs: number): Promise<void> {
    const postmaster = this.cluster.pid();
    process.kill(postmaster, 'SIGQUIT');
    await waitFor(() => !isRunning(postmaster), { timeoutMs: 60_000 });
    await sleep(pauseMs);
    await this.cluster.start(...settings);
  }

  /** Resolves when PostgreSQL lets a client in that does nothing else than try. */
  async acceptance(): Promise<void> {
    await waitFor(() => this.query('select'), { timeoutMs: 120_000, intervalMs: 20 });
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.end('SIGKILL')));
    this.wire.close();
    await this.mail.close();
    await this.cluster.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
