import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BenchServer, query, seedProspects } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { timed } from './measure.ts';
import { countRows, writableColumns } from './sameRows.ts';
import { startOutrider, stopProcess } from './serverProcess.ts';

const prospects = 100_000;
const rounds = 3;

const start = {
  query: 'mutation Start($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { code message } } }',
  variables: {
    input: {
      channel: 'EMAIL',
      filter: {},
      expectedCount: prospects,
      subjectTemplate: '{{ displayName }} and us',
      bodyTemplate: 'Hello {{ displayName | default: "there" }},\n\nyou wrote: {{ bioText }}\n\nSee {{ profileUrl }}.',
    },
  },
};

/** A draft job from start to end, one worker process, against one INSERT … SELECT of the drafts that it wrote. */
export async function benchDrafts(server: BenchServer): Promise<Figure[]> {
  const jobs: number[] = [];
  const inserts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const url = await server.createDatabase(`drafts_${round}`);
    await seedProspects(url, prospects, 0);
    jobs.push(await draftAll(url));
    inserts.push(await insertSameDrafts(url));
  }
  const perSecond = (milliseconds: readonly number[]) => milliseconds.map((taken) => (prospects / taken) * 1000);
  const what = `drafts of a job over ${prospects.toLocaleString('en')} prospects, one worker`;
  return [compared(what, 'a second', perSecond(jobs), 'one INSERT … SELECT of them', perSecond(inserts), { atLeast: 0.15 })];
}

/** Milliseconds between the job's start and its end, by the database's clock. */
async function draftAll(url: string): Promise<number> {
  const outrider = await startOutrider(url, JSON.stringify({ query: '{ viewer { name } }' }));
  const worker = fork(fileURLToPath(new URL('../dist/index.js', import.meta.url)), ['worker'], {
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const answer = await outrider.send(JSON.stringify(start));
    if (!JSON.parse(answer).data?.startDraftJob?.job) throw new Error(`The job did not start: ${answer}`);
    return await jobDuration(url);
  } finally {
    await Promise.all([stopProcess(worker), outrider.stop()]);
  }
}

async function jobDuration(url: string): Promise<number> {
  for (;;) {
    const [job] = await query<{ status: string; drafts_created: number; ms: string | null }>(
      url,
      'select status, drafts_created, 1000 * extract(epoch from finished_at - started_at) as ms from jobs',
    );
    if (job?.ms) {
      if (job.drafts_created !== prospects) throw new Error(`The job ended ${job.status} with ${job.drafts_created} drafts.`);
      return Number(job.ms);
    }
    await sleep(200);
  }
}

async function insertSameDrafts(url: string): Promise<number> {
  const columns = await writableColumns(url, 'email_drafts');
  await query(url, `create table same_drafts as select ${columns} from email_drafts`);
  await query(url, 'truncate email_drafts cascade');
  const taken = await timed(() => query(url, `insert into email_drafts (${columns}) select ${columns} from same_drafts`));
  const written = await countRows(url, 'email_drafts');
  if (written !== prospects) throw new Error(`INSERT … SELECT wrote ${written} drafts.`);
  return taken;
}
