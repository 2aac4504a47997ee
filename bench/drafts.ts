import { type BenchServer, query, seedProspects } from './database.ts';
import { runDraftJob } from './draftJob.ts';
import { compared, type Figure } from './figures.ts';
import { timed } from './measure.ts';
import { countRows, writableColumns } from './sameRows.ts';

const prospects = 100_000;
const rounds = 3;

/** A draft job from start to end, one worker process, against one INSERT … SELECT of the drafts that it wrote. */
export async function benchDrafts(server: BenchServer): Promise<Figure[]> {
  const jobs: number[] = [];
  const inserts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const url = await server.createDatabase(`drafts_${round}`);
    await seedProspects(url, prospects, 0);
    jobs.push((await runDraftJob(url, { prospects, workers: 1 })).ms);
    inserts.push(await insertSameDrafts(url));
  }
  const perSecond = (milliseconds: readonly number[]) => milliseconds.map((taken) => (prospects / taken) * 1000);
  const what = `drafts of a job over ${prospects.toLocaleString('en')} prospects, one worker`;
  return [compared(what, 'a second', perSecond(jobs), 'one INSERT … SELECT of them', perSecond(inserts), { atLeast: 0.25 })];
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
