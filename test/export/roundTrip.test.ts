import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { exportProspects } from '../../src/services/export/exportProspects.ts';
import type { ExportFormat } from '../../src/services/export/columns.ts';
import { ImportBench } from '../import/support.ts';
import { hostileTexts } from '../properties/hostile.ts';

/** Columns from here on are the database's own: an import does not bring them back. */
const restored = 12;

let benches: ImportBench[];
beforeAll(async () => {
  benches = await Promise.all([ImportBench.open(), ImportBench.open(), ImportBench.open()]);
});
afterAll(() => Promise.all(benches.map((bench) => bench.close())));

async function exported(bench: ImportBench, format: ExportFormat): Promise<string> {
  let text = '';
  for await (const piece of exportProspects(bench.orm.em.fork(), { format, filter: {}, signal: new AbortController().signal })) text += piece;
  return text;
}

/** The part of the file that an import brings back, cell by cell as it stands there. */
function lasting(text: string, format: ExportFormat): unknown[] {
  if (format === 'csv') return (parse(text) as string[][]).map((cells) => cells.slice(0, restored));
  return text.trimEnd().split('\n').map((line) => Object.entries(JSON.parse(line)).slice(0, restored));
}

const hostile = [
  '=HYPERLINK("http://evil.example.org","x")', '+1+1', '-2+3', '@SUM(A1)', "'=1+1", "''=1+1", "'quoted'", "'", "O'Neil", '=', '"quoted", with a comma', 'two\nlines', 'two\r\nlines',
  'semicolon; tab\there', 'x;=1+1', 'x,=1+1', 'x\t=1+1', 'x\n=1+1', 'x\r=1+1', '",=1+1,"', '";=1+1;"', '"\r\n=1+1', '＝1+1', '﹦1+1', "' =1", "'\t=1", '\u200b=1', '\ufeff=1', '=\u202e1', '@', '-', '""', ',', ';',
  ...hostileTexts.filter((text) => text.trim() === text && text !== '' && text.length < 95 && !text.includes('\0') && text.isWellFormed()), '[1]', '{"a":1}', 'null', 'Ünïcødé 🦊 العربية', '%F0', '\\N', '0', '00123', '1e5', 'true', '<b>&amp;</b>', '  inner  blanks  ', 'ends with a quote"', "'+49 170 1234567",
];

beforeAll(async () => {
  const [source] = benches as [ImportBench];
  const lines = [
    ...hostile.map((text, n) => ({
      profile_url: `https://example.org/${n}`, display_name: `n ${text}`, bio_text: text, tags: [text, `t,${n}`, `t;${n}`], external_links: [`https://links.example.org/${n}?a=1,2;3`, 'https://x.example.org/'],
      follower_count: n, engagement_rate: n / 3, scraped_at: `2026-01-02T03:04:05.0${String(n).padStart(2, '0')}Z`,
    })),
    ...hostile.filter((text) => /^[=+\-@]/.test(text)).map((text, n) => ({ profile_url: `https://names.example.org/${n}`, display_name: text })),
    { email: 'only@example.org', display_name: 'Only an address' },
    { email: '+plus@example.org', display_name: 'An address that looks like a formula' },
    { source_platform: 'github', username: '-dash-', display_name: 'A handle' },
    { source_platform: 'mastodon', profile_url: 'https://mastodon.example/@Ada', display_name: 'A profile' },
    { source_type: 'website', source_platform: 'other', profile_url: 'https://example.org/in/Ada-L/', username: 'ada', display_name: 'On a site' },
    { source_platform: 'linkedin', profile_url: 'https://www.LinkedIn.com/in/Ada-L/?x=1', display_name: 'LinkedIn', follower_count: 0, engagement_rate: 0 },
  ];
  const job = await source.import(lines.map((line) => JSON.stringify(line)).join('\n'), { format: 'ndjson' });
  expect({ status: job.status, failures: (await source.failures(job.id)).filter(({ value }) => value !== '-dash-') }).toMatchObject({ failures: [] });
});

test.each<[ExportFormat, number]>([['csv', 1], ['ndjson', 2]])('what is exported as %s and imported into another database is exported again as it was', async (format, place) => {
  const [source] = benches as [ImportBench];
  const target = benches[place]!;
  const first = await exported(source, format);
  const job = await target.import(first, { format });
  expect(await target.failures(job.id)).toEqual([]);
  expect(job.outcome_counts).toEqual({ created: lasting(first, format).length - (format === 'csv' ? 1 : 0) });

  const second = await exported(target, format);
  expect(lasting(second, format)).toEqual(lasting(first, format));
  expect(await target.snapshot()).toEqual(await source.snapshot());
});

test('what is exported and imported again changes nothing', async () => {
  const [source] = benches as [ImportBench];
  const before = await exported(source, 'csv');
  const job = await source.import(before);

  expect(Object.keys(job.outcome_counts)).toEqual(['unchanged']);
  expect(await exported(source, 'csv')).toBe(before);
});

test('no cell of a CSV is a formula', async () => {
  const cells = (parse(await exported(benches[0]!, 'csv')) as string[][]).flat();

  expect(cells.filter((cell) => /^[\s\p{C}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|^[\t\r\n]/u.test(cell))).toEqual([]);
  expect(cells).toEqual(expect.arrayContaining([`'=HYPERLINK("http://evil.example.org","x")`, "'+1+1", "''=1+1", "'''=1+1", "'quoted'"]));
});
