import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { pino } from 'pino';
import pg from 'pg';
import { startWorker, type Worker, type WorkerOptions } from '../../src/app/worker.ts';
import type { Outreach } from '../../src/config/outreach.ts';
import { Role } from '../../src/domain/enums.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import type { Events } from '../../src/events/events.ts';
import { createEvents } from '../../src/events/createEvents.ts';
import { createQueue, type Queue } from '../../src/queue/queue.ts';
import type { JobContext } from '../../src/services/jobContext.ts';
import { outreachOf } from '../support/outreach.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

export interface JobRow {
  id: string;
  status: string;
  sequence: number;
  total_targets: number;
  processed: number;
  done_count: number;
  failed_count: number;
  skipped_count: number;
  drafts_created: number;
  failure_reasons: { code: string; message: string; count: number }[];
  attempt: number;
  retry_of_id: string | null;
}

const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('./workerProcess.ts', import.meta.url));

/** One database with what a server has for jobs, and workers on request; `close` ends all of it. */
export class JobBench {
  readonly log = pino({ level: 'silent' });
  readonly #workers: Worker[] = [];
  readonly #orms: MikroORM[] = [];
  readonly #processes = new Set<ChildProcess>();

  private constructor(
    readonly database: TestDatabase,
    readonly orm: MikroORM,
    readonly events: Events,
    readonly queue: Queue,
    readonly pool: pg.Pool,
  ) {}

  static async open(existing?: TestDatabase, eventsUrl?: string): Promise<JobBench> {
    const database = existing ?? (await createTestDatabase());
    const { url } = database;
    const log = pino({ level: 'silent' });
    const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'test' });
    pool.on('error', () => {});
    return new JobBench(database, await createOrm({ url }), createEvents({ databaseUrl: url, eventsUrl, log }), createQueue({ url, log }), pool);
  }

  get context(): JobContext {
    return { em: this.orm.em.fork(), actor: { name: 'test', role: Role.OPERATOR }, outreach: outreachOf(), queue: this.queue, events: this.events };
  }

  async startWorker(options: Partial<WorkerOptions> = {}): Promise<Worker> {
    const { url } = this.database;
    const orm = await createOrm({ url });
    this.#orms.push(orm);
    const worker = startWorker({ orm, url, log: this.log, outreach: outreachOf(), ...options });
    this.#workers.push(worker);
    return worker;
  }

  /** A worker that can be killed; `nodeArguments` and `environment` are its own, beside those of this process. */
  async startWorkerProcess(
    outreach: Partial<Outreach> = {}, eventsUrl = '', { nodeArguments = [], environment = {} }: { nodeArguments?: string[]; environment?: Record<string, string> } = {},
  ): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--import', register, ...nodeArguments, program, this.database.url, JSON.stringify(outreach), eventsUrl], {
      stdio: ['ignore', 'pipe', nodeArguments.length > 0 ? 'ignore' : 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#processes.add(child);
    await once(child.stdout!, 'data');
    return child;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Makes every chunk take this long at least, so that a test can act in mid job on any machine. */
  async slowDown(seconds: number): Promise<void> {
    await this.query(`create function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(${seconds}); return null; end $$`);
    await this.query('create trigger take_time after insert on job_targets for each statement execute function take_time()');
  }

  /** Approved prospects with an address, named "Prospect 1", "Prospect 2", …; every `noBioEvery`th has no bio. */
  async addProspects(count: number, { noBioEvery = 0 } = {}): Promise<string[]> {
    const batch = randomUUID();
    const rows = await this.query<{ id: string }>(
      `insert into prospects (id, canonical_key, profile_url, display_name, email, bio_text, review_status)
       select gen_random_uuid(), $1 || n, 'https://example.org/' || n, 'Prospect ' || n, 'p' || n || '@example.org',
         case when $3 > 0 and n % nullif($3, 0) = 0 then null else 'Makes things' end, 'approved'
       from generate_series(1, $2::int) as n returning id`,
      [batch, count, noBioEvery],
    );
    return rows.map(({ id }) => id);
  }

  async job(id: string): Promise<JobRow> {
    const [row] = await this.query<JobRow>('select * from jobs where id = $1', [id]);
    if (!row) throw new Error(`There is no job ${id}.`);
    return row;
  }

  /** The job once it has reached one of these states. */
  async jobIn(id: string, ...states: string[]): Promise<JobRow> {
    return waitFor(async () => {
      const job = await this.job(id);
      return states.includes(job.status) ? job : null;
    }, { timeoutMs: 40_000 });
  }

  /** The job once something is done and, with chunks that take their time, much is left. */
  async jobInTheMiddle(id: string): Promise<JobRow> {
    return waitFor(async () => {
      const job = await this.job(id);
      return job.processed > 0 ? job : null;
    }, { intervalMs: 5 });
  }

  /** What must hold of every job that has ended, whatever happened to it. */
  async expectSettled(id: string): Promise<JobRow> {
    const job = await this.job(id);
    const [counts] = await this.query<{ drafts: number; targets: number; distinct: number; open: number; terminal: number }>(
      `select
         (select count(*)::int from email_drafts where job_id = $1) as drafts,
         (select count(*)::int from job_targets where job_id = $1 and outcome = 'done') as targets,
         (select count(distinct prospect_id)::int from email_drafts where job_id = $1) as distinct,
         (select count(*)::int from job_chunks where job_id = $1 and state in ('ready', 'running')) as open,
         (select count(*)::int from activities where subject_id = $1 and to_state in ('succeeded', 'completed_with_errors', 'failed', 'cancelled')) as terminal`,
      [id],
    );
    expect(counts).toEqual({ drafts: job.done_count, targets: job.done_count, distinct: job.done_count, open: 0, terminal: 1 });
    expect(job.drafts_created).toBe(job.done_count);
    expect(job.processed).toBe(job.done_count + job.failed_count + job.skipped_count);
    return job;
  }

  async draftCount(): Promise<number> {
    const [row] = await this.query<{ count: number }>('select count(*)::int as count from email_drafts');
    return row!.count;
  }

  /** Those of this process. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  async close(): Promise<void> {
    this.#processes.forEach((child) => child.kill('SIGKILL'));
    await this.stopWorkers();
    await Promise.all([this.queue.close(), this.events.close(), this.pool.end()]);
    await Promise.all([this.orm, ...this.#orms].map((orm) => orm.close(true)));
    await this.database.drop();
  }
}
