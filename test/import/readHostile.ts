import { readRecords, type ImportFormat } from '../../src/services/import/readRecords.ts';

/**
 * Reads files that are made while they are read, so large that nobody could hold them, and prints as JSON what became of
 * their rows, and how much memory that took: as `node readHostile.ts [megabytes]`, of a heap that is kept small.
 */

const megabytes = Number(process.argv[2] ?? 32);
const mebibyte = 1 << 20;

function* file(head: string, piece: string, times: number, tail = ''): Generator<Buffer> {
  yield Buffer.from(head);
  const repeated = Buffer.from(piece);
  for (let time = 0; time < times; time += 1) yield repeated;
  yield Buffer.from(tail);
}

const csv = 'name,url,bio\n';
const good = 'B,https://b.example,ok\n';
const files: Readonly<Record<string, [format: ImportFormat, pieces: () => Generator<Buffer>]>> = {
  'one field': ['csv', () => file(`${csv}A,https://a.example,`, 'x'.repeat(mebibyte), megabytes, `\n${good}`)],
  'one quoted field of many lines': ['csv', () => file(`${csv}A,https://a.example,"`, `${'x'.repeat(63)}\n`.repeat(mebibyte / 64), megabytes, `"\n${good}`)],
  'a quote that is never closed': ['csv', () => file(`${csv}A,https://a.example,"x\n`, `${'x'.repeat(63)}\n`.repeat(mebibyte / 64), megabytes, good)],
  'no line end': ['csv', () => file('name,url,', 'x'.repeat(mebibyte), megabytes)],
  'NUL bytes': ['csv', () => file(csv, '\0'.repeat(mebibyte), megabytes, `\n${good}`)],
  'rows of a million columns': ['csv', () => file(csv, `A,https://a.example${','.repeat(1_000_000)}\n`, 8, good)],
  'one line of JSON': ['ndjson', () => file('', '{"a":1}'.repeat(100_000), megabytes, '\n{"name":"B","url":"https://b.example"}\n')],
  'an array of brackets': ['ndjson', () => file('[{"name":"B","url":"https://b.example"},', '['.repeat(mebibyte), megabytes / 4)],
  'objects of many keys': ['ndjson', () => file('', `{${Array.from({ length: 40_000 }, (_, key) => `"k${key}":1`).join(',')}}\n`, 8, '{"name":"B","url":"https://b.example"}\n')],
};

async function outcomesOf(format: ImportFormat, pieces: Generator<Buffer>) {
  const outcomes: Record<string, number> = {};
  let last: unknown = null;
  for await (const rows of readRecords((async function* () { yield* pieces; })(), { format, mapping: {} })) {
    for (const { line, row } of rows) {
      const code = 'code' in row ? row.code : 'taken';
      outcomes[code] = (outcomes[code] ?? 0) + 1;
      last = [line, code];
    }
  }
  return { outcomes, last };
}

const read: Record<string, unknown> = {};
for (const [name, [format, pieces]] of Object.entries(files)) read[name] = await outcomesOf(format, pieces()).catch((error: { errors?: { message: string }[] }) => ({ refused: error.errors?.[0]?.message ?? String(error) }));
process.stdout.write(JSON.stringify({ read, megabytes, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
