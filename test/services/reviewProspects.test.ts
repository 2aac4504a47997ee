import { ReviewStatus } from '../../src/domain/enums.ts';
import { reviewProspects } from '../../src/services/reviewProspects.ts';
import { ImportBench } from '../import/support.ts';

let bench: ImportBench;
let ids: string[];
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query('truncate prospects, jobs, activities cascade');
  await bench.import(`name,url,tags\n${Array.from({ length: 250 }, (_, index) => `P${index},https://p${index}.example,${index < 150 ? 'young' : 'old'}`).join('\n')}\n`);
  ids = (await bench.query<{ id: string }>('select id from prospects order by id')).map(({ id }) => id);
  await bench.query('truncate activities');
});

const statuses = () => bench.query('select review_status as status, count(*)::int from prospects group by 1 order by 1');
const missing = '00000000-0000-7000-8000-000000000000';

test('by ids: changes those, with an activity each', async () => {
  const review = await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 3), decision: 'approve' });
  expect(review).toMatchObject({ changedIds: ids.slice(0, 3), changedCount: 3, failedCount: 0, failedIds: [], userErrors: [] });
  expect(await bench.query('select actor, action, subject_id, from_state, to_state, details from activities order by subject_id')).toEqual(
    ids.slice(0, 3).map((id) => ({ actor: 'test', action: 'prospect.reviewed', subject_id: id, from_state: 'pending', to_state: 'approved', details: { batch: review.batch } })),
  );
});

test('what cannot change stays and is told, the others change', async () => {
  await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 1), decision: 'reject', reason: 'no' });
  const review = await reviewProspects(bench.context(), { prospectIds: [ids[0]!, missing, ids[1]!], decision: 'approve' });
  expect(review).toMatchObject({ changedIds: [ids[1]], changedCount: 1, failedCount: 2, failedIds: [ids[0], missing] });
  expect(review.userErrors).toMatchObject([
    { code: 'ILLEGAL_TRANSITION', field: ['input', 'ids', '0'], allowed: ['PENDING'], message: 'The prospect is REJECTED and cannot become APPROVED: from there it goes to PENDING.' },
    { code: 'NOT_FOUND', field: ['input', 'ids', '1'] },
  ]);
});

test('a rejection keeps its reason until it is taken back', async () => {
  await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 1), decision: 'reject', reason: ' too old ' });
  expect(await bench.query('select review_reason from prospects where id = $1', [ids[0]])).toEqual([{ review_reason: 'too old' }]);
  await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 1), decision: 'reopen' });
  expect(await bench.query('select review_reason, review_status from prospects where id = $1', [ids[0]])).toEqual([{ review_reason: null, review_status: 'pending' }]);
});

test('by filter: everything that it selects, and the first 100 are named', async () => {
  const review = await reviewProspects(bench.context(), { filter: { tags: ['young'] }, expectedCount: 150, decision: 'approve' });
  expect(review).toMatchObject({ changedCount: 150, failedCount: 0 });
  expect(review.changedIds).toHaveLength(100);
  expect(await statuses()).toEqual([{ status: 'pending', count: 100 }, { status: 'approved', count: 150 }]);
});

test('by filter: another count than was seen answers STALE and changes nothing', async () => {
  await expect(reviewProspects(bench.context(), { filter: { tags: ['young'] }, expectedCount: 149, decision: 'approve' })).rejects.toMatchObject({
    errors: [{ code: 'STALE', field: ['input', 'expectedCount'] }],
  });
  expect(await statuses()).toEqual([{ status: 'pending', count: 250 }]);
  expect(await bench.query('select id from activities')).toEqual([]);
});

test('by batch: takes exactly that decision back', async () => {
  const first = await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 10), decision: 'approve' });
  await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 2), decision: 'reject' });
  await reviewProspects(bench.context(), { prospectIds: ids.slice(20, 30), decision: 'approve' });
  const back = await reviewProspects(bench.context(), { batch: first.batch, decision: 'reopen' });
  expect(back.changedIds).toEqual(ids.slice(2, 10));
  await expect(reviewProspects(bench.context(), { batch: first.batch, decision: 'reopen' })).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
});

test('an approval stays once something was sent', async () => {
  await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 1), decision: 'approve' });
  await bench.query('update prospects set sent_at = now() where id = $1', [ids[0]]);
  for (const decision of ['reject', 'reopen'] as const) {
    const review = await reviewProspects(bench.context(), { prospectIds: ids.slice(0, 1), decision });
    expect(review).toMatchObject({ changedCount: 0, batch: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', allowed: [] }] });
  }
});

test('two decisions at once: each prospect follows its table, and one of them wins', async () => {
  const reviews = await Promise.all((['approve', 'approve'] as const).map((decision) => reviewProspects(bench.context(), { prospectIds: ids, decision })));
  expect(reviews.map(({ changedCount }) => changedCount).toSorted()).toEqual([0, 250]);
  expect(await bench.query('select count(*)::int from activities')).toEqual([{ count: 250 }]);
});

describe('is refused', () => {
  test.each([
    ['without a selection', {}, ['input']],
    ['with two selections', { prospectIds: [missing], filter: {} }, ['input']],
    ['with a filter and no count', { filter: { reviewStatus: [ReviewStatus.PENDING] } }, ['input', 'expectedCount']],
    ['with a batch and another decision', { batch: missing }, ['input', 'decision']],
    ['with more than 1000 ids', { prospectIds: Array.from({ length: 1001 }, () => missing) }, ['input', 'ids']],
  ])('%s', async (_, selection, field) => {
    await expect(reviewProspects(bench.context(), { ...selection, decision: 'approve' })).rejects.toMatchObject({ errors: [{ code: 'INVALID', field }] });
  });
});
