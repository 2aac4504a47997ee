import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseMapping } from '../../src/services/import/columns.ts';
import { ImportBench } from './support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
const empty = () => bench.query('truncate prospects, jobs cascade');

const good = 'B,https://b.example\n';
const failuresOf = async (id: string) => (await bench.failures(id)).map(({ line, code, column }) => [line, code, column]);

describe('a file that is larger than any memory', () => {
  test('is read in little of it: what is too long fails alone, with its line, and the rows around it are taken', () => {
    const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
    const program = fileURLToPath(new URL('readHostile.ts', import.meta.url));
    // What held a file, or a line of it, would find no room in this heap.
    const output = execFileSync(process.execPath, ['--no-warnings', '--max-old-space-size=96', '--import', register, program, '32'], { encoding: 'utf8', timeout: 100_000 });
    const { read, peakMegabytes } = JSON.parse(output);
    expect(read).toEqual({
      'one field': { outcomes: { TOO_LONG: 1, taken: 1 }, last: [3, 'taken'] },
      'one quoted field of many lines': { outcomes: { TOO_LONG: 1, taken: 1 }, last: [32 * 16_384 + 3, 'taken'] },
      'a quote that is never closed': { outcomes: { TOO_LONG: 1 }, last: [2, 'TOO_LONG'] },
      'no line end': { outcomes: { TOO_LONG: 1 }, last: [expect.any(Number), 'TOO_LONG'] },
      'NUL bytes': { outcomes: { TOO_LONG: 1, taken: 1 }, last: [3, 'taken'] },
      'rows of a million columns': { outcomes: { TOO_MANY_COLUMNS: 8, taken: 1 }, last: [10, 'taken'] },
      'one line of JSON': { outcomes: { TOO_LONG: 1, taken: 1 }, last: [2, 'taken'] },
      'an array of brackets': { outcomes: { taken: 1, TOO_LONG: 1 }, last: [1, 'TOO_LONG'] },
      'objects of many keys': { outcomes: { REQUIRED: 8, taken: 1 }, last: [9, 'taken'] },
    });
    expect(peakMegabytes).toBeLessThan(400);
  }, 110_000);
});

describe('a file is refused as a whole, in a sentence that somebody can read', () => {
  const utf32 = (text: string, bigEndian: boolean) => Buffer.concat([...text].map((character) => {
    const bytes = Buffer.alloc(4);
    if (bigEndian) bytes.writeUInt32BE(character.codePointAt(0)!);
    else bytes.writeUInt32LE(character.codePointAt(0)!);
    return bytes;
  }));
  const text = `name,url\n${good}`;

  test.each<[string, string | Buffer, RegExp]>([
    ['in UTF-16 without a byte order mark', Buffer.from(text, 'utf16le'), /UTF-16 or UTF-32; save it as UTF-8/],
    ['in UTF-16 of the other order, with one', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), /UTF-16; save it as UTF-8/],
    ['in UTF-32', utf32(text, false), /UTF-16 or UTF-32; save it as UTF-8/],
    ['in UTF-32 of the other order', utf32(`\uFEFF${text}`, true), /UTF-16 or UTF-32; save it as UTF-8/],
    ['with a header in Latin-1', Buffer.from(`name,url,pr\u00e9nom\n${good}`, 'latin1'), /header is not UTF-8/],
    ['with lines that end in CR alone', text.replaceAll('\n', '\r'), /end in CR alone; save it with/],
    ['with a million columns', `name,url${',x'.repeat(1_000_000)}\n${good}`, /header is|has \d+ columns; 16384 at most/],
    ['with 16,385 columns', `name,url${',x'.repeat(16_383)}\n${good}`, /has 16385 columns; 16384 at most/],
    ['with thousands of columns for one field', `name,url${',email'.repeat(16_000)}\n${good}`, /^The columns "email" and .* and 15980 more all give email; rename all but one/],
    ['with nothing that is known in thousands of columns', `${Array.from({ length: 16_000 }, (_, n) => `x${n}`).join(',')}\n${good}`, /its columns are x0, .* and 15980 more\. Give a mapping/],
    ['with one column of a name without end', `${'x'.repeat(900_000)},y\n${good}`, /its columns are x{60}…, y\. Give a mapping/],
    ['with a header whose quote is not closed', `"name,url\n${good}`, /no column display_name/],
    ['of NUL bytes', Buffer.alloc(100_000), /UTF-16 or UTF-32/],
  ])('%s', async (_, content, message) => {
    const error = await bench.import(content).catch((thrown: Error) => thrown) as Error & { errors?: { message: string }[] };
    const said = error.errors?.[0]?.message ?? String(error);
    expect(said).toMatch(message);
    expect(said.length).toBeLessThan(2_500);
  });

  test('and none of them began a job', async () => {
    expect(await bench.query('select id from jobs')).toEqual([]);
  });

  test('a mapping that names a column without end is cut where it is quoted', () => {
    for (const mapping of [{ ['x'.repeat(100_000)]: 'nothing' }, { x: 'y'.repeat(100_000) }]) {
      expect(() => parseMapping(mapping)).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,600}$/) }));
    }
  });
});

describe('rows are taken as they stand there', () => {
  beforeEach(empty);

  test('with as many columns as a sheet of Excel has', async () => {
    const job = await bench.import(`name,url${',x'.repeat(16_382)}\nB,https://b.example${','.repeat(16_382)}\n`);
    expect(job.outcome_counts).toEqual({ created: 1 });
  });

  test('with two byte order marks, and line ends of every kind, each with its line', async () => {
    const job = await bench.import('\uFEFF\uFEFFname,url\r\nA,https://a.example\nB,https://b.example\r\n\n\r\nC,nowhere at all\nD,https://d.example\n\r\n,');
    expect(job).toMatchObject({ processed: 5, outcome_counts: { created: 3, failed: 2 } });
    expect(await failuresOf(job.id)).toEqual([[6, 'INVALID_URL', 'url'], [9, 'REQUIRED', 'url']]);
  });

  test('under columns that objects have of themselves', async () => {
    const job = await bench.import('name,url,__proto__,constructor,toString,hasOwnProperty,valueOf\nA,https://a.example,x,y,z,1,2\n');
    expect(job.outcome_counts).toEqual({ created: 1 });
  });

  test('also where a mapping gives such a column a field', async () => {
    const mapping = parseMapping(JSON.parse('{"__proto__": "displayName", "constructor": "profileUrl"}'));
    const job = await bench.import('__proto__,constructor\nA,https://a.example\n', { mapping });
    expect(job.outcome_counts).toEqual({ created: 1 });
    expect(await bench.names()).toEqual(['A']);
  });
});

test.each(['{"x": "__proto__"}', '{"x": "constructor"}', '{"x": {"__proto__": "displayName"}}', '{"x": ["displayName"]}', '{"x": null}', '[]', '"x"', '1'])('a mapping %s is refused', (mapping) => {
  expect(() => parseMapping(JSON.parse(mapping))).toThrow(/mapping/);
});

/** Lines of JSON that are none, or say what nobody can be, and why each fails; null where one is taken. */
const badLines: readonly (readonly [how: string, line: string | Buffer, code: string | null])[] = [
  ['nested a hundred thousand objects deep', `{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`, 'REQUIRED'],
  ['nested two hundred thousand lists deep', `{"name":"A","url":"https://a.example","tags":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, null],
  ['with a number of a thousand digits', `{"name":"A","url":"https://a.example","followerCount":${'9'.repeat(1_000)}}`, 'INVALID_VALUE'],
  ['with a number beyond all', '{"name":"A","url":"https://a.example","followerCount":1e999}', 'INVALID_VALUE'],
  ['with a number that is none', '{"name":"A","url":"https://a.example","followerCount":NaN}', 'INVALID_JSON'],
  ['with a negative number', '{"name":"A","url":"https://a.example","followerCount":-1}', 'INVALID_VALUE'],
  ['in other bytes than UTF-8', Buffer.concat([Buffer.from('{"name":"A'), Buffer.from([0xff, 0xc0, 0xaf]), Buffer.from('","url":"https://a.example"}')]), 'NOT_UTF8'],
  ['with half of a pair', '{"name":"A\\udc00","url":"https://a.example"}', 'INVALID_TEXT'],
  ['with NUL', '{"name":"A\\u0000","url":"https://a.example"}', 'INVALID_TEXT'],
  ['that is cut off', '{"name":"A","url":"https://a.exa', 'INVALID_JSON'],
  ['with two objects', '{"name":"A","url":"https://a.example"}{"name":"B"}', 'INVALID_JSON'],
  ['with a comment', '{"name":"A","url":"https://a.example"} // x', 'INVALID_JSON'],
  ['with a mark of byte order within', '\uFEFF{"name":"A","url":"https://a.example"}', 'INVALID_JSON'],
];

describe('lines of JSON', () => {
  beforeEach(empty);

  const line = (text: string) => `{"name":"First","url":"https://first.example"}\n${text}\n{"name":"Last","url":"https://last.example"}\n`;

  test('that are bad fail alone, each with its line and reason', async () => {
    const [before, after] = line('\0').split('\0') as [string, string];
    const job = await bench.import(Buffer.concat([Buffer.from(before), ...badLines.flatMap(([, bad], place) => [Buffer.from(place === 0 ? '' : '\n'), Buffer.from(bad)]), Buffer.from(after)]), { format: 'ndjson' });
    const failed = badLines.flatMap(([how, , code], place) => (code === null ? [] : [[how, place + 2, code]]));
    expect(job.processed).toBe(badLines.length + 2);
    expect((await failuresOf(job.id)).map(([at, code]) => [badLines[Number(at) - 2]?.[0], at, code])).toEqual(failed);
    expect(await bench.names()).toEqual(['First', ...badLines.flatMap(([, , code]) => (code === null ? ['A'] : [])), 'Last']);
  });

  test('with a key twice says what its last one says, and with __proto__ nothing about others', async () => {
    const job = await bench.import(line('{"name":"A","name":"B","url":"https://b.example","__proto__":{"email":"x@y.example","isAdmin":true}}'), { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ created: 3 });
    expect(await bench.names()).toEqual(['First', 'B', 'Last']);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('isAdmin');
  });
});
