import { type BenchOptions, type BenchServer, query, seedProspects } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { timed } from './measure.ts';
import { startOutrider } from './serverProcess.ts';

const usualRows = 100_000;
const rounds = 3;
const review = `mutation Review($input: ReviewProspectsInput!) {
  reviewProspects(input: $input) { changedCount failedCount userErrors { code message } }
}`;

/** The approval of all pending prospects by a filter, in one request, against one UPDATE that takes it back: the same rows, indexes and triggers. */
export async function benchReview(server: BenchServer, { rows: prospects = usualRows }: BenchOptions): Promise<Figure[]> {
  const url = await server.createDatabase('review');
  await seedProspects(url, prospects, 0);
  const takeBack = () => query(url, `update prospects set review_status = 'pending', review_reason = null, review_batch = null, updated_at = clock_timestamp()`);
  await takeBack();
  const input = { decision: 'APPROVE', filter: { reviewStatus: ['PENDING'] }, expectedCount: prospects };
  const outrider = await startOutrider(url, JSON.stringify({ query: '{ viewer { name } }' }));
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await query(url, 'vacuum prospects');
      ours.push(await timed(async () => {
        const answer = await outrider.send(JSON.stringify({ query: review, variables: { input } }));
        if (JSON.parse(answer).data?.reviewProspects?.changedCount !== prospects) throw new Error(`Not all were approved: ${answer}`);
      }));
      await query(url, 'vacuum prospects');
      theirs.push(await timed(takeBack));
    }
    const perSecond = (milliseconds: readonly number[]) => milliseconds.map((taken) => (prospects / taken) * 1000);
    return [compared(`review of ${prospects.toLocaleString('en')} prospects by a filter in one request, prospects`, 'a second', perSecond(ours), 'one UPDATE of them', perSecond(theirs))];
  } finally {
    await outrider.stop();
  }
}
