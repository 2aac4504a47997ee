import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { query } from './database.ts';
import { startOutrider, stopProcess } from './serverProcess.ts';
import { type Usage, watchUsage } from './usage.ts';

const mutation = 'mutation Start($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { code message } } }';

export interface DraftRun {
  /** between the job's start and its end, by the database's clock */
  ms: number;
  /** of the workers, and what they shared the machine with */
  usage: Usage;
}

/** Drafts for all prospects of a database, as one job through the API, by so many worker processes. */
export async function runDraftJob(url: string, { prospects, workers }: { prospects: number; workers: number }): Promise<DraftRun> {
  const outrider = await startOutrider(url, JSON.stringify({ query: '{ viewer { name } }' }));
  const processes = Array.from({ length: workers }, () => startWorker(url));
  try {
    await untilWorkersAre(url, workers);
    const usage = await watchUsage(url, processes.map(({ pid }) => pid!));
    const answer = await outrider.send(JSON.stringify({ query: mutation, variables: { input: inputOf(prospects) } }));
    if (!JSON.parse(answer).data?.startDraftJob?.job) throw new Error(`The job did not start: ${answer}`);
    const ms = await jobDuration(url, prospects);
    return { ms, usage: await usage() };
  } finally {
    await Promise.all([...processes.map(stopProcess), outrider.stop()]);
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

async function untilWorkersAre(url: string, count: number): Promise<void> {
  for (;;) {
    const [found] = await query<{ n: number }>(url, 'select count(*)::int as n from workers');
    if (found!.n >= count) return;
    await sleep(100);
  }
}

async function jobDuration(url: string, prospects: number): Promise<number> {
  for (;;) {
    const [job] = await query<{ status: string; drafts_created: number; failure_reasons: object[]; ms: string | null }>(
      url,
      'select status, drafts_created, failure_reasons, 1000 * extract(epoch from finished_at - started_at) as ms from jobs',
    );
    if (job?.ms) {
      if (job.drafts_created !== prospects) throw new Error(`The job ended ${job.status} with ${job.drafts_created} drafts: ${JSON.stringify(job.failure_reasons)}`);
      return Number(job.ms);
    }
    await sleep(200);
  }
}
