import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { exportColumns, type ExportFormat } from '../../src/services/export/columns.ts';
import { exportProspects } from '../../src/services/export/exportProspects.ts';
import { ImportBench } from '../import/support.ts';

/** What starts a formula, and what may stand before it so that it is not seen, or seen too late. */
const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];
const before = ['', ' ', '   ', '\t', '\r', '\n', '\r\n', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u202e', '\u0001', '\v', '\f', "'", "''", "' ", ' \t', '\t '];
const formulas = signs.flatMap((sign) => before.map((blank) => `${blank}${sign}cmd|'/c calc'!A1`));
/** Cells that end early, so that the next one would begin within the text. */
const delimited = ['x",=1+1,"', 'x";=1+1;"', '",=1+1', '"\r\n=1+1', '"\n=1+1,', 'x,"=1+1"', '"', '""', '",', '\\",=1+1'];

/** A spreadsheet would compute this cell. */
const isFormula = (cell: string) => /^[\s\p{C}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|^[\t\r\n]/u.test(cell);

let bench: ImportBench;
/** columns of the file that hold texts, or lists of them */
let texts: string[];
beforeAll(async () => {
  bench = await ImportBench.open();
  const rows = await bench.query<{ name: string }>(`select column_name as name from information_schema.columns where table_name = 'prospects' and (data_type in ('text', 'jsonb', 'ARRAY', 'character varying'))`);
  texts = rows.map(({ name }) => name).filter((name) => (exportColumns as string[]).includes(name));
});
afterAll(() => bench.close());

async function exported(format: ExportFormat): Promise<string> {
  let text = '';
  for await (const piece of exportProspects(bench.orm.em.fork(), { format, filter: {}, signal: new AbortController().signal })) text += piece;
  return text;
}

/** Straight into the table: whatever may have got there on any way. */
async function store(column: string, values: readonly string[]): Promise<void> {
  const stored = column === 'tags' ? 'array[value]' : column === 'external_links' ? 'jsonb_build_array(value)' : 'value';
  const others = column === 'display_name' ? '' : 'display_name, ';
  await bench.query('truncate prospects cascade');
  await bench.query(`insert into prospects (id, canonical_key, ${others}${column}) select gen_random_uuid(), lpad(place::text, 9, '0'), ${others && "'Ada', "}${stored} from unnest($1::text[]) with ordinality as given (value, place)`, [values]);
}

test('every column with texts is tried', () => {
  expect(texts.toSorted()).toEqual(['bio_text', 'display_name', 'email', 'external_links', 'profile_url', 'review_reason', 'tags', 'username']);
});

describe('in every column with texts', () => {
  test('no cell is a formula, however it begins, and each is there as it was', async () => {
    for (const column of texts) {
      const given = [...formulas, ...delimited];
      await store(column, given);
      const rows = parse(await exported('csv'), { columns: true }) as Record<string, string>[];
      expect([column, rows.length]).toEqual([column, given.length]);
      expect(rows.flatMap((row) => Object.values(row)).filter(isFormula)).toEqual([]);
      const isList = column === 'tags' || column === 'external_links';
      const cells = rows.map((row) => (isList ? (JSON.parse(row[column]!) as string[])[0]! : row[column]!));
      expect(cells.map((cell, place) => (!isList && cell === `'${given[place]!}` ? given[place] : cell))).toEqual(given);
      expect(rows.every((row) => Object.keys(row).length === exportColumns.length)).toBe(true);
    }
  });

  test('lines of JSON have the very texts', async () => {
    for (const column of texts) {
      await store(column, [...formulas, ...delimited]);
      const lines = (await exported('ndjson')).trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.map((line) => [line[column]].flat()[0])).toEqual([...formulas, ...delimited]);
    }
  });
});
