import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { createGunzip } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { Role } from '../domain/enums.ts';
import { UserErrors } from '../domain/errors.ts';
import { createOrm } from '../database/createOrm.ts';
import { parseMapping } from '../services/import/columns.ts';
import type { ImportFormat } from '../services/import/readRecords.ts';
import { importRecords } from '../services/importRecords.ts';
import { readImportOutcome } from '../services/readImportOutcome.ts';
import { CommandError } from './CommandError.ts';
import { writeImportReport } from './importReport.ts';
import { openDatabase } from './openDatabase.ts';

const badUsage = 2;

interface ImportCommandOptions {
  format?: ImportFormat;
  mapping?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function importCommand(): Command {
  return new Command('import')
    .description('Import prospects from CSV or JSON (also gzipped) of any size, and from what Apify, PhantomBuster, Apollo and LinkedIn export. Killed in the middle, the same command goes on from there.')
    .argument('<file>', 'the file')
    .addOption(new Option('--format <format>', 'csv, or ndjson (one object a line, or one array of them); by the name of the file when absent').choices(['csv', 'ndjson']))
    .option('--mapping <file>', 'JSON: {"column of the file": "field of a prospect"}, where the names differ')
    .option('--dry-run', 'tell what would become of each row, and change nothing')
    .option('--json', 'print the outcome as JSON')
    .action(runImportCommand);
}

async function runImportCommand(path: string, options: ImportCommandOptions): Promise<void> {
  // Rows live for a moment: a young generation that grows would only hold some 80 MB more of what is dead already.
  setFlagsFromString('--semi-space-growth-factor=1');
  const file = await inspect(path);
  const mapping = await readMapping(options.mapping);
  const format = options.format ?? (/\.(ndjson|jsonl|json)(\.gz)?$/i.test(path) ? 'ndjson' : 'csv');
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const database = await openDatabase(readEnvironment(), log);
  const orm = await createOrm({ url: database.url, poolSize: 4, applicationName: 'outrider import' });
  const stop = new AbortController();
  const onSignal = () => stop.abort(new CommandError('Stopped; the same command goes on from the last committed row.', 130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const bar = progressBar(file.size);
  try {
    const bytes = Readable.from(counted(createReadStream(path), (count) => bar.increment(count)), { objectMode: false });
    // What breaks is thrown by whoever reads the end of the pipeline.
    const unpacked = file.gzipped ? pipeline(bytes, createGunzip(), () => {}) : bytes;
    const { jobId, ran } = await importRecords({ em: orm.em.fork(), actor: { name: 'cli', role: Role.ADMIN }, outreach: database.outreach }, unpacked, {
      format,
      mapping,
      digest: file.digest,
      fileName: basename(path),
      dryRun: options.dryRun ?? false,
      signal: stop.signal,
      onRows: (rows) => bar.update({ rows }),
    });
    bar.stop();
    if (!ran) throw new CommandError('Another process is importing this file; wait for it to end.');
    const outcome = await readImportOutcome(orm.em.fork(), jobId);
    await writeImportReport(outcome, path, options.json ?? false);
    if (outcome.failedCount > 0) process.exitCode = 1;
  } catch (error) {
    if (error instanceof UserErrors) throw new CommandError(error.message, badUsage);
    throw error;
  } finally {
    bar.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await orm.close();
    await database.stop();
  }
}

interface InputFile {
  size: number;
  /** sha-256 in hex over its bytes */
  digest: string;
  gzipped: boolean;
}

async function inspect(path: string): Promise<InputFile> {
  try {
    const handle = await open(path);
    const { buffer: magic } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const { size } = await handle.stat();
    await handle.close();
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return { size, digest: hash.digest('hex'), gzipped: magic[0] === 0x1f && magic[1] === 0x8b };
  } catch (error) {
    throw new CommandError(`The file cannot be read (${(error as Error).message}): check its name.`, badUsage);
  }
}

async function readMapping(path: string | undefined): Promise<ReturnType<typeof parseMapping>> {
  if (path === undefined) return {};
  try {
    return parseMapping(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new CommandError(error instanceof UserErrors ? error.message : `The mapping ${path} cannot be read (${(error as Error).message}).`, badUsage);
  }
}

async function* counted(source: AsyncIterable<Buffer>, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** On standard error, and only on a terminal. */
function progressBar(size: number): SingleBar {
  const bar = new SingleBar({ format: 'Importing {bar} {percentage} % | {rows} rows | {eta_formatted} left', hideCursor: true, stream: process.stderr });
  bar.start(size, 0, { rows: 0 });
  return bar;
}
