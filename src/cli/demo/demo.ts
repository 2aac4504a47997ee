import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { sql } from 'kysely';
import { readEnvironment } from '../config/environment.ts';
import { createLogger, type Logger } from '../config/logger.ts';
import { ReviewStatus, Role } from '../domain/enums.ts';
import { createPostgresEvents } from '../events/postgresEvents.ts';
import { createQueue } from '../queue/queue.ts';
import type { JobContext } from '../services/jobContext.ts';
import { importRecords } from '../services/importRecords.ts';
import { readImportOutcome } from '../services/readImportOutcome.ts';
import { reviewProspects } from '../services/reviewProspects.ts';
import { startDraftJob } from '../services/drafts/startDraftJob.ts';
import { type JobSnapshot, watchJobs } from '../services/watchJobs.ts';
import { type Everything, openAll } from './openAll.ts';
import { untilSignal } from './untilSignal.ts';

const sample = new URL('../../data/sample-projects.csv', import.meta.url);

const template = {
  subjectTemplate: 'A question about {{ displayName }}',
  bodyTemplate: [
    'Hello {{ username | default: "there" }},',
    '',
    'we came across {{ displayName }} ({{ profileUrl }}): {{ bioText | default: "a project that we like" }}.',
    'Would you tell us how you keep it going?',
  ].join('\n'),
};

export function demoCommand(): Command {
  return new Command('demo')
    .description('The main job on real input: import a sample, review it, draft for all of it, then serve until Ctrl+C.')
    .action(async () => {
      const environment = readEnvironment();
      // The terminal belongs to the demo's own lines; ask for debug to see the log too.
      const log = createLogger(environment.logLevel === 'info' ? 'warn' : environment.logLevel);
      say('Starting PostgreSQL, the server and a worker …');
      const everything = await openAll(environment, log, say);
      try {
        await runPipeline(everything, log);
      } catch (error) {
        await everything.stop();
        throw error;
      }
      const stopped = untilSignal(async () => {
        say('\nStopping …');
        await everything.stop();
      });
      say(`\nOutrider is ready at ${everything.server.url}`);
      say(`Open ${everything.server.loginUrl ?? everything.server.url}`);
      say('Ctrl+C stops it.');
      await stopped;
    });
}

async function runPipeline({ orm, databaseUrl, outreach }: Everything, log: Logger): Promise<void> {
  const events = createPostgresEvents({ url: databaseUrl, log });
  const queue = createQueue({ url: databaseUrl, log });
  const context = (): JobContext => ({ em: orm.em.fork(), actor: { name: 'demo', role: Role.ADMIN }, outreach, events, queue });
  const watch = watchJobs({ em: () => orm.em.fork(), events, log });
  try {
    await importSample(context());
    await approveAll(context());
    const jobId = await draftForAll(context());
    if (jobId !== null) {
      await showProgress(await watch.progress(jobId));
    }
  } finally {
    watch.close();
    await Promise.all([queue.close(), events.close()]);
  }
}

async function importSample(context: JobContext): Promise<void> {
  const data = readFileSync(sample);
  const { jobId } = await importRecords(context, Readable.from([data]), {
    format: 'csv',
    mapping: {},
    digest: createHash('sha256').update(data).digest('hex'),
    fileName: 'sample-projects.csv',
    dryRun: false,
  });
  const { totalTargets, outcomes } = await readImportOutcome(context.em, jobId);
  say(`Imported ${totalTargets} real projects: ${Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`).join(', ')}.`);
}

async function approveAll(context: JobContext): Promise<void> {
  const pending = await countProspects(context, sql`review_status = 'pending'`);
  if (pending === 0) return;
  const { changedCount } = await reviewProspects(context, {
    filter: { reviewStatus: [ReviewStatus.PENDING] },
    expectedCount: pending,
    decision: 'approve',
    reason: 'demo',
  });
  say(`Reviewed ${changedCount} prospects: approved.`);
}

/** The id of the job, or null when nobody is without a draft. */
async function draftForAll(context: JobContext): Promise<string | null> {
  const waiting = await countProspects(context, sql`review_status = 'approved' and draft_status = 'none'`);
  if (waiting === 0) {
    say('Everybody has a draft already.');
    return null;
  }
  const { jobId } = await startDraftJob(context, { ...template, expectedCount: waiting });
  return jobId;
}

async function showProgress(progress: AsyncIterable<JobSnapshot> | null): Promise<void> {
  if (progress === null) return;
  const bar = new SingleBar({ format: 'Drafting {bar} {percentage} % | {value} of {total} | {failed} failed', noTTYOutput: true, notTTYSchedule: 1_000 });
  let latest: JobSnapshot | undefined;
  for await (latest of progress) {
    if (!bar.isActive) bar.start(latest.totalTargets ?? 0, 0, { failed: 0 });
    bar.update(latest.processed, { failed: latest.failedCount });
  }
  bar.stop();
  say(`Wrote ${latest?.draftsCreated ?? 0} drafts; the job is ${latest?.status ?? 'gone'}.`);
}

async function countProspects(context: JobContext, condition: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from prospects where ${condition}`.execute(
    context.em.getKysely<unknown>(),
  );
  return rows[0]!.count;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
