import { ImportBench } from './support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

const columns = 'name,url,bio,email,tags,links,followers';
const prospect = async () => (await bench.query<Record<string, unknown>>('select display_name, bio_text, email, tags, external_links, follower_count from prospects'))[0];

test('the first row of a key creates, its repeats only fill what is empty, tags and links add up', async () => {
  const job = await bench.import(
    `${columns}\nAda,https://a.example,,,"x,y",https://one.example,\nOther,http://www.a.example/,Bio,a@b.example,"y,z",https://two.example,7\nThird,a.example,Other bio,c@d.example,,,9\n`,
  );
  expect(job.outcome_counts).toEqual({ created: 1, duplicate: 2 });
  expect(await prospect()).toEqual({
    display_name: 'Ada',
    bio_text: 'Bio',
    email: 'a@b.example',
    tags: ['x', 'y', 'z'],
    external_links: ['https://one.example/', 'https://two.example/'],
    follower_count: 7,
  });
});

test('a later file overwrites where it says something, and takes nothing away', async () => {
  await bench.import(`${columns}\nAda,https://a.example,Bio,a@b.example,x,https://one.example,7\n`);
  const job = await bench.import(`${columns}\nAda Lovelace,https://a.example,,new@b.example,z,,8\n`);
  expect(job.outcome_counts).toEqual({ updated: 1 });
  expect(await prospect()).toEqual({
    display_name: 'Ada Lovelace',
    bio_text: 'Bio',
    email: 'new@b.example',
    tags: ['x', 'z'],
    external_links: ['https://one.example/'],
    follower_count: 8,
  });
});

test('repeats are known over batches: a later one never overwrites', async () => {
  const filler = Array.from({ length: 2500 }, (_, index) => `P${index},https://p${index}.example,,,,,`).join('\n');
  const content = `${columns}\nAda,https://a.example,,,,,\n${filler}\nImpostor,https://a.example,Bio,,,,\n`;
  expect((await bench.import(content)).outcome_counts).toEqual({ created: 2501, duplicate: 1 });
  expect(await bench.query(`select display_name, bio_text from prospects where canonical_key = 'a.example'`)).toEqual([{ display_name: 'Ada', bio_text: 'Bio' }]);
  expect((await bench.import(content)).outcome_counts).toEqual({ unchanged: 2501, duplicate: 1 });
});

test('review, drafts and stage survive an import', async () => {
  await bench.import(`${columns}\nAda,https://a.example,,,,,\n`);
  await bench.query(`update prospects set review_status = 'approved', review_reason = 'known'`);
  await bench.import(`${columns}\nAda L,https://a.example,,,,,\n`);
  expect(await bench.query('select display_name, review_status, review_reason, stage from prospects')).toEqual([
    { display_name: 'Ada L', review_status: 'approved', review_reason: 'known', stage: 'reviewed' },
  ]);
});

test('two imports of overlapping files at once lose nothing and double nothing', async () => {
  const file = (who: string) =>
    `${columns}\n${Array.from({ length: 3000 }, (_, index) => `P${index},https://p${index}.example,,,${who},,`).join('\n')}\n`;
  const jobs = await Promise.all([bench.import(file('one')), bench.import(file('two'))]);
  for (const job of jobs) expect(job).toMatchObject({ status: 'succeeded', processed: 3000 });
  expect(await bench.query(`select count(*)::int from prospects where tags @> '{one,two}'`)).toEqual([{ count: 3000 }]);
});

test('a dry run tells the outcomes and writes nothing but the job', async () => {
  await bench.import(`${columns}\nAda,https://a.example,,,,,\n`);
  const before = await bench.snapshot();
  const job = await bench.import(`${columns}\nAda L,https://a.example,,,,,\nB,https://b.example,,,,,\nB,https://b.example,,,,,\nC,ftp://c.example,,,,,\n`, { dryRun: true });
  expect(job).toMatchObject({ dry_run: true, outcome_counts: { updated: 1, created: 1, duplicate: 1, failed: 1 } });
  expect(await bench.snapshot()).toEqual(before);
  expect(await bench.failures(job.id)).toHaveLength(1);
});

test('a profile is made with its prospect; a second prospect with the handle does not take it', async () => {
  await bench.import('name,platform,url,username,source_type\nOne,github,https://github.com/ada/one,Ada,social\nTwo,github,https://github.com/ada/two,ada,social\n');
  expect(await bench.query('select p.display_name, s.canonical_key, s.username, s.profile_url from social_profiles s join prospects p on p.id = s.prospect_id')).toEqual([
    { display_name: 'One', canonical_key: 'github.com/ada', username: 'Ada', profile_url: 'https://github.com/Ada' },
  ]);
});

test('the sequence rises with every notice', async () => {
  const notices: number[] = [];
  const job = await bench.import(`${columns}\nAda,https://a.example,,,,,\n`, { notify: (_, sequence) => notices.push(sequence) });
  expect(notices.length).toBeGreaterThan(0);
  expect(notices).toEqual(notices.toSorted((one, other) => one - other));
  expect(notices.at(-1)).toBe(job.sequence);
});

test('a source that breaks off fails the job and keeps what was committed', async () => {
  async function* broken() {
    yield Buffer.from(`${columns}\n${Array.from({ length: 2500 }, (_, index) => `P${index},https://p${index}.example,,,,,`).join('\n')}\n`);
    throw new Error('the connection was reset');
  }
  await expect(bench.import(broken())).rejects.toThrow('the connection was reset');
  const [job] = await bench.query('select status, error from jobs');
  expect(job).toEqual({ status: 'failed', error: 'The import broke off: the connection was reset' });
  expect(await bench.query('select count(*)::int from prospects')).toEqual([{ count: 2000 }]);
});

test('long rows end a transaction early, and none of them is lost or counted twice', async () => {
  const bio = 'x'.repeat(50_000);
  const rows = Array.from({ length: 200 }, (_, index) => `P${index},https://p${index}.example,${bio},,,,`);
  const job = await bench.import(`${columns}\n${rows.join('\n')}\n`);
  expect(job.processed).toBe(200);
  const chunks = await bench.query<{ first: number; count: number }>('select first_ordinal as first, target_count as count from job_chunks order by number');
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.reduce((end, { first, count }) => (first === end + 1 ? end + count : Number.NaN), 0)).toBe(200);
});

test('a cancelled import stops after the batch in hand and says how far it came', async () => {
  let asked = false;
  async function* endless() {
    yield Buffer.from(`${columns}\n`);
    for (let row = 0; row < 1_000_000; row += 1000) {
      if (!asked && (await bench.query<{ n: number }>(`select count(*)::int as n from prospects`))[0]!.n > 0) {
        asked = true;
        await bench.query(`update jobs set status = 'cancelling'`);
      }
      yield Buffer.from(Array.from({ length: 1000 }, (_, index) => `P,https://p${row + index}.example,,,,,\n`).join(''));
    }
  }
  const job = await bench.import(endless());
  expect(job.status).toBe('cancelled');
  expect(job.processed).toBeGreaterThan(0);
  expect(job.processed).toBeLessThan(1_000_000);
  expect(await bench.query('select count(*)::int from prospects')).toEqual([{ count: job.processed }]);
});

test('an import does not make a dead address good again, but another address is', async () => {
  await bench.import(`${columns}\nAda,https://a.example,,a@b.example,,,\n`);
  await bench.query('update prospects set email_blocked = true, email_bounced = true');
  const marks = async () => (await bench.query<object>('select email, email_blocked, email_bounced from prospects'))[0];

  const again = await bench.import(`${columns}\nAda,https://a.example,,a@b.example,,,\n`);
  expect(again.outcome_counts).toEqual({ unchanged: 1 });
  expect(await marks()).toEqual({ email: 'a@b.example', email_blocked: true, email_bounced: true });

  await bench.import(`${columns}\nAda,https://a.example,,new@b.example,,,\n`);
  expect(await marks()).toEqual({ email: 'new@b.example', email_blocked: false, email_bounced: false });
});
