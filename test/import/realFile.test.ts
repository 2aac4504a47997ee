import { createReadStream, existsSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ImportBench, type JobRow } from './support.ts';

const path = '../shared/data/debian-projects.csv.gz';
const whenThere = existsSync(path) ? describe : describe.skip;
const keysWithLetterCase = 29_777;

whenThere('58,999 rows of real projects', () => {
  let bench: ImportBench;
  let job: JobRow;
  beforeAll(async () => {
    bench = await ImportBench.open();
    job = await bench.import(createReadStream(path).pipe(createGunzip()));
  });
  afterAll(() => bench?.close());

  test('every row has an outcome, and each key is one prospect', async () => {
    expect(job).toMatchObject({
      status: 'completed_with_errors',
      total_targets: 58_999,
      processed: 58_999,
      outcome_counts: { created: keysWithLetterCase, duplicate: 58_999 - keysWithLetterCase - 22, failed: 22 },
    });
    expect(await bench.query('select count(*)::int from prospects')).toEqual([{ count: keysWithLetterCase }]);
  });

  test('the 22 that fail are links of other schemes, told with line, column and value', async () => {
    const failures = await bench.failures(job.id);
    expect(failures).toHaveLength(22);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'INVALID_URL', column: 'profile_url', value: expect.stringMatching(/^(ftp|gopher):/) });
      expect(failure.message).toMatch(/^profile_url starts with (ftp|gopher):, and only http and https links are taken\.$/);
    }
    expect(job.failure_reasons).toEqual([expect.objectContaining({ code: 'INVALID_URL', count: 22 })]);
  });

  test('a handle on a platform is one profile, of the first prospect that names it', async () => {
    const [pali] = await bench.query<{ owners: number; platform: string }>(
      `select count(*)::int as owners, min(platform::text) as platform from social_profiles where canonical_key = 'github.com/pali'`,
    );
    expect(pali).toEqual({ owners: 1, platform: 'github' });
  });

  test('the same file again changes nothing, not even updatedAt', async () => {
    const state = () => bench.query('select md5(string_agg(prospects::text, $1 order by id)) as all from prospects', [',']);
    const before = await state();
    const again = await bench.import(createReadStream(path).pipe(createGunzip()));
    expect(again.outcome_counts).toEqual({ unchanged: keysWithLetterCase, duplicate: 58_999 - keysWithLetterCase - 22, failed: 22 });
    expect(await state()).toEqual(before);
  });
});
