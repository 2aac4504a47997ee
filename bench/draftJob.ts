import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { query } from './database.ts';
import { type ServerUnderTest, startOutrider, stopProcess } from './serverProcess.ts';
import { peakMemory, type Usage, watchUsage } from './usage.ts';

const start = 'mutation Start($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { code message } } }';
const cancel = 'mutation Cancel($input: JobActionInput!) { cancelJob(input: $input) { job { status } userErrors { code message } } }';

export interface DraftRun {
  /** between the job's start and its end, by the database's clock */
  ms: number;
  /** of the workers, and what they shared the machine with */
  usage: Usage;
  /** of the worker that took most, resident bytes at most; NaN where there is no /proc */
  memory: number;
}

/** A server and so many workers on one database, where the test starts jobs over every prospect without a draft. */
export class DraftBench {
  readonly #url: string;
  readonly #outrider: ServerUnderTest;
  readonly #workers: readonly ChildProcess[];

  private constructor(url: string, outrider: ServerUnderTest, workers: readonly ChildProcess[]) {
    this.#url = url;
    this.#outrider = outrider;
    this.#workers = workers;
  }

  static async open(url: string, workers: number): Promise<DraftBench> {
    const outrider = await startOutrider(url, JSON.stringify({ query: '{ viewer { name } }' }));
    const bench = new DraftBench(url, outrider, Array.from({ length: workers }, () => startWorker(url)));
    await bench.#untilWorkersAre(workers).catch(async (error: unknown) => {
      await bench.close();
      throw error;
    });
    return bench;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.map(stopProcess), this.#outrider.stop()]);
  }

  /** One job from its start to its end, which has to give every target a draft. */
  async run(prospects: number): Promise<DraftRun> {
    const usage = await watchUsage(this.#url, this.#pids);
    const id = await this.#start(prospects);
    const ms = await this.#duration(id, prospects);
    return { ms, usage: await usage(), memory: Math.max(...this.#pids.map(peakMemory)) };
  }

  /** Cancels a job once it has made so many drafts: milliseconds until the mutation was answered. */
  async cancelAfter(drafts: number, prospects: number): Promise<number> {
    const id = await this.#start(prospects);
    await until(async () => (await this.#job(id)).drafts_created >= drafts);
    const startedAt = performance.now();
    const answer = await this.#outrider.send(JSON.stringify({ query: cancel, variables: { input: { id } } }));
    const taken = performance.now() - startedAt;
    const status = JSON.parse(answer).data?.cancelJob?.job?.status;
    if (status !== 'CANCELLING' && status !== 'CANCELLED') throw new Error(`The job was not cancelled in the midst of it: ${answer}`);
    await until(async () => (await this.#job(id)).status === 'cancelled');
    return taken;
  }

  get #pids(): number[] {
    return this.#workers.map(({ pid }) => pid!);
  }

  /** @returns the job's global id */
  async #start(prospects: number): Promise<string> {
    const answer = await this.#outrider.send(JSON.stringify({ query: start, variables: { input: inputOf(prospects) } }));
    const job = JSON.parse(answer).data?.startDraftJob?.job;
    if (!job) throw new Error(`The job did not start: ${answer}`);
    return job.id;
  }

  async #duration(id: string, prospects: number): Promise<number> {
    await until(async () => (await this.#job(id)).ms !== null);
    const job = await this.#job(id);
    if (job.drafts_created !== prospects) throw new Error(`The job ended ${job.status} with ${job.drafts_created} drafts: ${JSON.stringify(job.failure_reasons)}`);
    return Number(job.ms);
  }

  async #job(id: string) {
    const uuid = Buffer.from(id, 'base64url').toString().split(':')[1];
    const [job] = await query<{ status: string; drafts_created: number; failure_reasons: object[]; ms: string | null }>(
      this.#url,
      'select status, drafts_created, failure_reasons, 1000 * extract(epoch from finished_at - started_at) as ms from jobs where id = $1',
      [uuid],
    );
    return job!;
  }

  async #untilWorkersAre(count: number): Promise<void> {
    await until(async () => (await query<{ n: number }>(this.#url, 'select count(*)::int as n from workers'))[0]!.n >= count);
  }
}

/** Drafts for all prospects of a database, as one job through the API, by so many worker processes. */
export async function runDraftJob(url: string, { prospects, workers }: { prospects: number; workers: number }): Promise<DraftRun> {
  const bench = await DraftBench.open(url, workers);
  try {
    return await bench.run(prospects);
  } finally {
    await bench.close();
  }
}

const inputOf = (prospects: number) => ({
  channel: 'EMAIL',
  filter: {},
  expectedCount: prospects,
  subjectTemplate: '{{ displayName }} and us',
  bodyTemplate: 'Hello {{ displayName | default: "there" }},\n\nyou wrote: {{ bioText }}\n\nSee {{ profileUrl }}.',
});

function startWorker(url: string): ChildProcess {
  return fork(fileURLToPath(new URL('../dist/index.js', import.meta.url)), ['worker'], {
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(200);
}
