import { header, ImportBench, inPieces } from './support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

const row = (name: string, { url = `https://${name}.example/`, bio = '', email = '' } = {}) => `website,website,${url},,${name},${bio},,,${email}`;

/** Imports `bad` between two good rows, both of which must come through. */
async function between(bad: string | Buffer, options: Parameters<ImportBench['import']>[1] = {}) {
  const content = Buffer.concat([Buffer.from(`${header}\n${row('before')}\n`), Buffer.from(bad), Buffer.from(`\n${row('after')}\n`)]);
  const job = await bench.import(content, options);
  expect(await bench.names()).toEqual(['before', 'after']);
  expect(job).toMatchObject({ processed: 3, failed_count: 1, status: 'completed_with_errors' });
  const [failure, ...others] = await bench.failures(job.id);
  expect(others).toEqual([]);
  expect(failure).toMatchObject({ line: 3, ordinal: 2 });
  return failure;
}

test('a date without a zone is in UTC, wherever the server stands', async () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'America/New_York';
  try {
    const times = ['2024-03-01', '2024-03-01 10:00', '2024-03-01T10:00:00', '2024-03-01T10:00:00+02:00', '2024-02-29T10:00:00.5Z'];
    await bench.import(`profile_url,display_name,scraped_at\n${times.map((time, n) => `https://t${n}.example/,T,${time}\n`).join('')}`);
    const rows = await bench.query<{ at: Date }>('select scraped_at as at from prospects order by canonical_key');
    expect(rows.map(({ at }) => at.toISOString())).toEqual(['2024-03-01T00:00:00.000Z', '2024-03-01T10:00:00.000Z', '2024-03-01T10:00:00.000Z', '2024-03-01T08:00:00.000Z', '2024-02-29T10:00:00.500Z']);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

test.each(['2023-02-29', '2024-02-30T10:00:00Z', '2024-04-31', '2024-13-01', '0000-01-01', '10000-01-01', '-0001-01-01', '9999-12-31T23:59:59-01:00'])('a date that there is not (%s) fails its row', async (time) => {
  const job = await bench.import(`profile_url,display_name,scraped_at\nhttps://t.example/,T,${time}\n`);
  expect(await bench.failures(job.id)).toMatchObject([{ code: 'INVALID_VALUE', column: 'scraped_at', value: time }]);
});

describe('a bad row fails alone', () => {
  test('with too few columns', async () => {
    expect(await between('website,website,https://short.example/')).toMatchObject({
      code: 'TOO_FEW_COLUMNS',
      column: 'username',
      value: 'website,website,https://short.example/',
      message: 'The row has 3 columns, the header 9.',
    });
  });

  test('with too many columns', async () => {
    expect(await between(`${row('long')},one,two`)).toMatchObject({ code: 'TOO_MANY_COLUMNS', message: 'The row has 11 columns, the header 9.' });
  });

  test.each(['javascript:alert(1)', 'ftp://files.example/x', 'http://user:pass@a.example/', 'http://', 'not a url', 'https://a.example/\u0007'])('with the URL %j', async (url) => {
    expect(await between(row('bad', { url }))).toMatchObject({ code: 'INVALID_URL', column: 'profile_url', value: url });
  });

  test('with a URL that makes a key of more than 2048 characters', async () => {
    const failure = await between(row('bad', { url: `https://a.example/${'x'.repeat(2100)}` }));
    expect(failure).toMatchObject({ code: 'INVALID_URL', column: 'profile_url' });
    expect(failure?.value).toHaveLength(200);
  });

  test.each(['nobody', 'a@b', 'a b@c.example', 'a@@b.example', '.a@b.example'])('with the e-mail address %j', async (email) => {
    expect(await between(row('bad', { email }))).toMatchObject({ code: 'INVALID_EMAIL', column: 'email', value: email });
  });

  test('with NUL in a text', async () => {
    expect(await between(row('bad', { bio: 'a\0b' }))).toMatchObject({ code: 'INVALID_TEXT', column: 'bio_text', value: 'a\uFFFDb' });
  });

  test('that is not UTF-8', async () => {
    expect(await between(Buffer.from(row('bad', { bio: 'caf\u00e9' }), 'latin1'))).toMatchObject({ code: 'NOT_UTF8', column: 'bio_text', value: 'caf\uFFFD' });
  });

  test('with a field of 10 MB', async () => {
    const failure = await between(row('bad', { bio: 'x'.repeat(10_000_000) }));
    expect(failure).toMatchObject({ code: 'TOO_LONG', column: 'bio_text' });
    expect(failure?.value).toHaveLength(200);
  });

  test('with a quoted field of 10 MB on many lines', async () => {
    expect(await between(row('bad', { bio: `"${'many words\n'.repeat(1_000_000)}"` }))).toMatchObject({ code: 'TOO_LONG', column: 'bio_text' });
  });

  test('with a quoted field that does not end', async () => {
    expect(await between(row('bad', { bio: '"never closed' }))).toMatchObject({ code: 'UNTERMINATED_QUOTE', column: 'bio_text' });
  });

  test('with a quote that is not doubled', async () => {
    expect(await between(row('bad', { bio: '"so "called" quote"' }))).toMatchObject({ code: 'INVALID_QUOTE', column: 'bio_text' });
  });

  test('with no name', async () => {
    expect(await between('website,website,https://anonymous.example/,,,,,,')).toMatchObject({ code: 'REQUIRED', column: 'display_name' });
  });

  test('with nothing that identifies it', async () => {
    expect(await between('website,website,,,Somebody,,,,')).toMatchObject({ code: 'REQUIRED', column: 'profile_url' });
  });
});

test('a quoted field that does not end costs only its own line, however long the rest of the file is', async () => {
  const many = Array.from({ length: 30_000 }, (_, index) => row(`p${index}`)).join('\n');
  const job = await bench.import(`${header}\n${row('bad', { bio: '"never closed' })}\n${many}\n`);
  expect(job).toMatchObject({ processed: 30_001, outcome_counts: { created: 30_000, failed: 1 } });
});

test('NDJSON: each bad line fails alone', async () => {
  const lines = [
    { displayName: 'First', profileUrl: 'https://first.example', tags: ['a', 'b'], followerCount: 7 },
    '{"displayName": ',
    '[1]',
    { displayName: 'No address' },
    { displayName: 'Half\ud800', email: 'a@b.example' },
    { displayName: 'Numbers', email: 'c@d.example', followerCount: 'many' },
    { display_name: 'Last', email: 'Last@Example.ORG' },
  ];
  const job = await bench.import(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), { format: 'ndjson' });
  expect(job).toMatchObject({ processed: 7, outcome_counts: { created: 2, failed: 5 } });
  expect((await bench.failures(job.id)).map(({ line, code, column }) => [line, code, column])).toEqual([
    [2, 'INVALID_JSON', null],
    [3, 'INVALID_JSON', null],
    [4, 'REQUIRED', 'profileUrl'],
    [5, 'INVALID_TEXT', 'displayName'],
    [6, 'INVALID_VALUE', 'followerCount'],
  ]);
  expect(await bench.query('select canonical_key, tags, follower_count from prospects order by id')).toEqual([
    { canonical_key: 'first.example', tags: ['a', 'b'], follower_count: 7 },
    { canonical_key: 'last@example.org', tags: [], follower_count: null },
  ]);
});

describe('the file as a whole is refused before anything is written', () => {
  test.each([
    ['without a column for the name', 'url,notes\nhttps://a.example,x\n', /no column display_name; its columns are url, notes/],
    ['without a column for an address', 'name,notes\nA,x\n', /none of|no column profile_url, username or email/],
    ['when two columns give one field', 'name,url,website\nA,https://a.example,https://b.example\n', /"url" and "website" both give profileUrl/],
    ['when it is UTF-16', Buffer.from('\uFEFFname,url\nA,https://a.example\n', 'utf16le'), /UTF-16; save it as UTF-8/],
    ['when it is a workbook', Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml'), /as workbooks of Excel are: save the sheet as CSV/],
    ['when it is empty', '', /The file is empty/],
  ])('%s', async (_, content, message) => {
    await expect(bench.import(content)).rejects.toThrow(message);
    expect(await bench.query('select id from jobs')).toEqual([]);
  });

  test('when the mapping names a column that is not there', async () => {
    await expect(bench.import('name,url\n', { mapping: { Link: 'profileUrl' } })).rejects.toThrow('names the column "Link"');
  });
});

describe('files as other programs write them', () => {
  test('a byte order mark, semicolons, CRLF, quotes with line breaks, blank lines, no last line end', async () => {
    const job = await bench.import('\uFEFFName;Website;Tags\r\n"Ada ""L""\r\nLovelace";https://ada.example;x,y\r\n\r\nGrace;grace.example/;z');
    expect(job.outcome_counts).toEqual({ created: 2 });
    expect(await bench.query('select display_name, canonical_key, tags from prospects order by id')).toEqual([
      { display_name: 'Ada "L"\r\nLovelace', canonical_key: 'ada.example', tags: ['x', 'y'] },
      { display_name: 'Grace', canonical_key: 'grace.example', tags: ['z'] },
    ]);
  });

  test('columns of other names, by a mapping', async () => {
    await bench.import('Who,Where,Topic\nAda,https://ada.example,maths\n', { mapping: { Who: 'displayName', Where: 'profileUrl', Topic: 'tags' } });
    expect(await bench.query('select display_name, tags from prospects')).toEqual([{ display_name: 'Ada', tags: ['maths'] }]);
  });

  test('cut anywhere by the network', async () => {
    const content = Buffer.from(`${header}\n${row('one', { bio: '"a ""b"", c\nd"' })}\n${row('tw\u00f6')}\r\n${row('three')}`);
    for (const size of [1, 2, 3, 7]) {
      const job = await bench.import(inPieces(content, size), { dryRun: true });
      expect(job.outcome_counts).toEqual({ created: 3 });
    }
  });
});
