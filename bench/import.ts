import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchOptions, type BenchServer, query } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { timed } from './measure.ts';
import { copyIn, copyOut } from './peers/copy.mjs';
import { countRows, writableColumns } from './sameRows.ts';

const rounds = 3;
const generatedRows = 50_000;

/**
 * `outrider import FILE` (the whole process, its start included) against COPY of the prospects that it made into the
 * same table with the same indexes. The speeds are prospects a second.
 */
export async function benchImport(server: BenchServer, { csv }: BenchOptions): Promise<Figure[]> {
  const file = csv ?? (await generateCsv());
  try {
    const imports: number[] = [];
    const copies: number[] = [];
    let prospects = 0;
    for (let round = 0; round < rounds; round++) {
      const url = await server.createDatabase(`import_${round}`);
      imports.push(await timed(() => importFile(url, file)));
      prospects = await countRows(url, 'prospects');
      copies.push(await copySameProspects(url));
    }
    const perSecond = (milliseconds: readonly number[]) => milliseconds.map((taken) => (prospects / taken) * 1000);
    const what = `import of a CSV with ${prospects.toLocaleString('en')} prospects, prospects`;
    return [compared(what, 'a second', perSecond(imports), 'COPY of them', perSecond(copies), { atLeast: 0.4 })];
  } finally {
    if (!csv) await rm(file);
  }
}

async function importFile(url: string, file: string): Promise<void> {
  const program = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'import', file, '--json'], {
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: url, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => (complaints += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  // 1 says that some rows were refused, as in real files.
  if (code !== 0 && code !== 1) throw new Error(`The import ended with ${code}: ${complaints}`);
}

async function copySameProspects(url: string): Promise<number> {
  const before = await countRows(url, 'prospects');
  const columns = await writableColumns(url, 'prospects');
  const rows = await copyOut(url, `select ${columns} from prospects order by id`);
  await query(url, 'truncate prospects cascade');
  const taken = await timed(() => copyIn(url, `prospects (${columns})`, rows));
  const after = await countRows(url, 'prospects');
  if (after !== before) throw new Error(`COPY wrote ${after} of ${before} prospects.`);
  return taken;
}

async function generateCsv(): Promise<string> {
  const file = join(tmpdir(), `outrider-bench-${process.pid}.csv`);
  const rows = Array.from(
    { length: generatedRows },
    (_, n) =>
      `website,website,https://example.org/project-${n},,Project ${n},"What project ${n} is about, in one line",` +
      `"[""https://example.org/project-${n}"",""https://example.net/team/${n}""]","tag-${n % 97},tag-${n % 31}",hello+${n}@example.org`,
  );
  await writeFile(file, `source_type,source_platform,profile_url,username,display_name,bio_text,external_links,tags,email\n${rows.join('\n')}\n`);
  return file;
}
