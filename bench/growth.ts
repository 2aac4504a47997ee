import { type BenchOptions, type BenchServer, query } from './database.ts';
import type { Figure } from './figures.ts';
import { fillPipeline } from './fillPipeline.ts';
import { measured, timed } from './measure.ts';
import { startOutrider, type ServerUnderTest } from './serverProcess.ts';

const sizes = [10_000, 100_000, 1_000_000];
/** Of one request, after a few that warm up. */
const times = 15;
const pageSize = 100;
const depth = 100_000;

const fields = 'nodes { id displayName email profileUrl bioText tags followerCount stage createdAt }';
const page = (args: string, more = '') => `{ prospects(first: ${pageSize}${args}) { ${fields} ${more} } }`;

/** What is asked, over so many prospects. */
const questions: Readonly<Record<string, string>> = {
  'first page': page(''),
  'first page by name': page(', orderBy: { field: DISPLAY_NAME, direction: ASC }'),
  'page of one stage': page(', filter: { stage: [DRAFTED] }'),
  'page of a tag': page(', filter: { tag: "tag-7" }'),
  'page of a search': page(', filter: { search: "word77" }'),
  'page of a search with its totalCount': page(', filter: { search: "word77" }', 'totalCount'),
  'totalCount of all': '{ prospects(first: 0) { totalCount } }',
  'totalCount of one stage': '{ prospects(first: 0, filter: { stage: [DRAFTED] }) { totalCount } }',
  'totalCount of those with an e-mail address': '{ prospects(first: 0, filter: { hasEmail: true }) { totalCount } }',
  pipelineStatus: '{ pipelineStatus { total stages { stage count } activeJobs } }',
  'pipelineStatus of one pipeline': '{ pipelineStatus(sourceType: WEBSITE) { total stages { stage count } activeJobs } }',
};

/** How long a request takes over ever more prospects: one request at a time, as a client sees it. @param rows the largest size */
export async function benchGrowth(server: BenchServer, { rows = sizes.at(-1)! }: BenchOptions): Promise<Figure[]> {
  const url = await server.createDatabase('growth');
  const steps = [...sizes.filter((size) => size < rows), rows];
  const figures: Figure[] = [];
  const smallest = new Map<string, number>();
  for (const size of steps) {
    console.error(`growth: ${size.toLocaleString('en')} prospects …`);
    await fillPipeline(url, size);
    const outrider = await startOutrider(url, JSON.stringify({ query: questions['first page'] }));
    try {
      await checkStages(url, outrider);
      const asked = { ...questions, [`page after ${depth.toLocaleString('en')} rows, or nine tenths of them`]: page(`, after: "${await cursorAt(url, Math.min(depth, size * 0.9))}"`) };
      for (const [what, text] of Object.entries(asked)) {
        const took = await timesOf(outrider, text);
        const { median: middle, spread } = measured(took);
        const first = smallest.get(what) ?? middle;
        smallest.set(what, first);
        console.error(`  ${what}: ${middle.toFixed(1)} ms`);
        figures.push({
          what: `${what}, of ${size.toLocaleString('en')}`, unit: 'ms', ours: middle, spread,
          peer: `of ${steps[0]!.toLocaleString('en')}`, theirs: first, ratio: middle / first, ...goalOf(what, size, middle),
        });
      }
    } finally {
      await outrider.stop();
    }
  }
  return figures;
}

const goalOf = (what: string, size: number, took: number): Pick<Figure, 'goal' | 'reached'> =>
  what === 'pipelineStatus' && size === 1_000_000 ? { goal: '< 100 ms', reached: took < 100 } : {};

async function timesOf({ send }: ServerUnderTest, text: string): Promise<number[]> {
  const body = JSON.stringify({ query: text });
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    took.push(await timed(async () => {
      const answer = await send(body);
      if (answer.includes('"errors"')) throw new Error(`${text} failed: ${answer.slice(0, 300)}`);
    }));
  }
  return took.slice(3);
}

/** A fast answer must be the right one. */
async function checkStages(url: string, { send }: ServerUnderTest): Promise<void> {
  const { data } = JSON.parse(await send(JSON.stringify({ query: questions.pipelineStatus }))) as { data: { pipelineStatus: { stages: { stage: string; count: number }[] } } };
  const counted = await query<{ stage: string; count: number }>(url, 'select upper(stage::text) as stage, count(*)::int as count from prospects group by 1');
  for (const { stage, count } of counted) {
    const answered = data.pipelineStatus.stages.find((one) => one.stage === stage)?.count;
    if (answered !== count) throw new Error(`pipelineStatus says ${answered} prospects are ${stage}, and ${count} are.`);
  }
}

async function cursorAt(url: string, place: number): Promise<string> {
  const [row] = await query<{ id: string; at: string }>(url, `select id, created_at::text as at from prospects order by created_at desc, id desc offset $1 limit 1`, [place]);
  return Buffer.from(JSON.stringify([1, 'CREATED_AT:DESC', row!.at, row!.id])).toString('base64url');
}
