import { importProspects } from '../../src/services/importProspects.ts';
import { ImportBench } from './support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, idempotency_keys cascade'));

const data = 'name,url\nAda,https://a.example\nBob,javascript:alert(1)\n';
const input = { format: 'csv', data } as const;

test('answers the finished job', async () => {
  const { jobId } = await importProspects(bench.context(), input);
  expect(await bench.job(jobId)).toMatchObject({ status: 'completed_with_errors', outcome_counts: { created: 1, failed: 1 } });
});

test('refuses more than 64 kB, and names the other ways', async () => {
  await expect(importProspects(bench.context(), { ...input, data: 'x'.repeat(65_537) })).rejects.toThrow(/POST \/import, or use "outrider import FILE"/);
});

test('refuses a mapping to what is no field', async () => {
  await expect(importProspects(bench.context(), { ...input, mapping: { name: 'stage' } })).rejects.toThrow('gives "name" to "stage"');
});

describe('with an idempotencyKey', () => {
  test('two requests, also at once, are one job', async () => {
    const requests = await Promise.all([1, 2, 3].map(() => importProspects(bench.context(), { ...input, idempotencyKey: 'k' })));
    requests.push(await importProspects(bench.context(), { ...input, idempotencyKey: 'k' }));
    expect(new Set(requests.map(({ jobId }) => jobId)).size).toBe(1);
    expect(await bench.query('select count(*)::int from jobs')).toEqual([{ count: 1 }]);
  });

  test('another input answers CONFLICT', async () => {
    await importProspects(bench.context(), { ...input, idempotencyKey: 'k' });
    await expect(importProspects(bench.context(), { ...input, data: `${data}C,https://c.example\n`, idempotencyKey: 'k' })).rejects.toMatchObject({
      errors: [{ code: 'CONFLICT', field: ['input', 'idempotencyKey'] }],
    });
    await expect(importProspects(bench.context(), { ...input, dryRun: true, idempotencyKey: 'k' })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  });

  test('another caller has keys of its own, and after 7 days a key is free', async () => {
    const mine = await importProspects(bench.context('me'), { ...input, idempotencyKey: 'k' });
    const theirs = await importProspects(bench.context('them'), { ...input, idempotencyKey: 'k' });
    expect(theirs.jobId).not.toBe(mine.jobId);
    await bench.query(`update idempotency_keys set created_at = now() - interval '8 days'`);
    const later = await importProspects(bench.context('me'), { ...input, idempotencyKey: 'k' });
    expect(later.jobId).not.toBe(mine.jobId);
  });
});

test('without one, the same data twice is two jobs', async () => {
  const first = await importProspects(bench.context(), input);
  const second = await importProspects(bench.context(), input);
  expect(second.jobId).not.toBe(first.jobId);
  expect((await bench.job(second.jobId)).outcome_counts).toEqual({ unchanged: 1, failed: 1 });
});
