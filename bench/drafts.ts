import { type BenchOptions, type BenchServer, query, seedProspects } from './database.ts';
import { DraftBench, type DraftRun } from './draftJob.ts';
import { compared, type Figure, within } from './figures.ts';
import { timed } from './measure.ts';
import { countRows, writableColumns } from './sameRows.ts';
import { watchUsage } from './usage.ts';

const usualRows = 100_000;
const usualRounds = 3;
const megabyte = 1e6;

interface Round extends DraftRun {
  drafts: number;
  /** one INSERT … SELECT of the same drafts */
  insert: { ms: number; postgresql: number };
  /** of the database, for each draft */
  bytes: number;
  /** until `cancelJob` was answered in the midst of a job over all prospects, ms */
  cancelMs: number;
}

/**
 * A draft job over 100,000 prospects, or so many rows, by one worker process, against one INSERT … SELECT of the drafts that it
 * wrote. Before it a job over the same prospects is cancelled when it has drafted for a hundredth of them.
 */
export async function benchDrafts(server: BenchServer, { rows }: BenchOptions): Promise<Figure[]> {
  const prospects = rows ?? usualRows;
  const rounds: Round[] = [];
  // What is larger takes minutes, and its noise is smaller.
  while (rounds.length < (prospects > usualRows ? 1 : usualRounds)) {
    rounds.push(await runRound(await server.createDatabase(`drafts_${rounds.length}`), prospects));
  }
  const count = prospects.toLocaleString('en');
  const perSecond = (taken: (round: Round) => number) => rounds.map((round) => (round.drafts / taken(round)) * 1000);
  const cancelled = `cancelJob is answered, a job over ${count} prospects under way`;
  const cpu = (of: (round: Round) => number) => rounds.map((round) => (of(round) * 1e6) / round.drafts);
  const inAll = cpu(({ ms, usage: { cores } }) => ((cores.watched + cores.postgresql) * ms) / 1000);
  return [
    compared(`drafts of a job over ${count} prospects, one worker`, 'a second', perSecond(({ ms }) => ms), 'one INSERT … SELECT of them', perSecond(({ insert }) => insert.ms), { atLeast: 0.25 }),
    compared('processor time of a draft, worker and PostgreSQL', 'µs', inAll, 'one INSERT … SELECT of them', cpu(({ insert }) => insert.postgresql)),
    within(`memory of the worker at most, a job over ${count} prospects`, 'MB', rounds.map(({ memory }) => memory / megabyte), 300),
    within(cancelled, 'ms', rounds.map(({ cancelMs }) => cancelMs), 1000),
    { what: 'database for each draft, projection and indexes included', unit: 'bytes', ours: Math.round(rounds[0]!.bytes) },
  ];
}

async function runRound(url: string, prospects: number): Promise<Round> {
  await seedProspects(url, prospects, 0);
  const bench = await DraftBench.open(url, 1);
  let cancelMs: number;
  let drafts: number;
  let run: DraftRun;
  let before: number;
  try {
    cancelMs = await bench.cancelAfter(prospects / 100, prospects);
    drafts = prospects - (await countRows(url, 'email_drafts'));
    before = await databaseSize(url);
    run = await bench.run(drafts);
  } finally {
    await bench.close();
  }
  const bytes = ((await databaseSize(url)) - before) / drafts;
  return { ...run, drafts, cancelMs, bytes, insert: await insertSameDrafts(url, drafts) };
}

async function insertSameDrafts(url: string, drafts: number): Promise<Round['insert']> {
  const columns = await writableColumns(url, 'email_drafts');
  await query(url, `create table same_drafts as select ${columns} from email_drafts order by id desc limit ${drafts}`);
  await query(url, 'truncate email_drafts cascade');
  const usage = await watchUsage(url, []);
  const ms = await timed(() => query(url, `insert into email_drafts (${columns}) select ${columns} from same_drafts order by id`));
  const { cores } = await usage();
  const written = await countRows(url, 'email_drafts');
  if (written !== drafts) throw new Error(`INSERT … SELECT wrote ${written} drafts.`);
  return { ms, postgresql: (cores.postgresql * ms) / 1000 };
}

async function databaseSize(url: string): Promise<number> {
  const [row] = await query<{ bytes: number }>(url, 'select pg_database_size(current_database())::float8 as bytes');
  return row!.bytes;
}
