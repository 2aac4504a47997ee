import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { buildSchema } from '../app/buildSchema.ts';
import { closeConnections } from '../app/closeConnections.ts';
import { filterReader } from '../app/filterReader.ts';
import { readEnvironment } from '../config/environment.ts';
import { OutriderError } from '../domain/errors.ts';
import { createOrm } from '../database/createOrm.ts';
import type { ExportFormat } from '../services/export/columns.ts';
import { exportProspects, type ExportProspects } from '../services/export/exportProspects.ts';
import { CommandError } from './CommandError.ts';
import { openDatabase } from './openDatabase.ts';

const badUsage = 2;

interface ExportCommandOptions {
  format?: ExportFormat;
  filter?: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Write prospects to a file of CSV or NDJSON that an import takes again; of one moment, whatever changes meanwhile.')
    .argument('<file>', 'the file, or - for standard output')
    .addOption(new Option('--format <format>', 'by the name of the file when absent').choices(['csv', 'ndjson']))
    .option('--filter <json>', 'a ProspectFilter as the API takes it, such as {"tags": ["vip"]}')
    .action(runExportCommand);
}

async function runExportCommand(path: string, options: ExportCommandOptions): Promise<void> {
  const format = options.format ?? (/\.(ndjson|jsonl|json)$/i.test(path) ? 'ndjson' : 'csv');
  const filter = readFilter(options.filter ?? '{}');
  const stop = new AbortController();
  const onSignal = () => stop.abort(new CommandError('Stopped; nothing was kept.', 130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const database = await openDatabase(readEnvironment(), (line) => process.stderr.write(`${line}\n`));
  const orm = await createOrm({ url: database.url, poolSize: 2, applicationName: 'outrider export' });
  try {
    const pieces = exportProspects(orm.em.fork(), { format, filter, signal: stop.signal });
    await (path === '-' ? pipeline(pieces, process.stdout, { end: false }) : writeWhole(path, pieces));
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await closeConnections(orm.close(true));
    await database.stop();
  }
}

/** There is a file of this name only when it is whole. */
async function writeWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.part`;
  try {
    await pipeline(pieces, createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw (error as NodeJS.ErrnoException).syscall ? new CommandError(`${path} cannot be written (${(error as Error).message}).`, badUsage) : error;
  }
}

function readFilter(json: string): ExportProspects['filter'] {
  try {
    return filterReader(buildSchema())(JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError('The filter is no JSON: it looks like {"tags": ["vip"]}.', badUsage);
    throw error instanceof OutriderError ? new CommandError(error.message, badUsage) : error;
  }
}
