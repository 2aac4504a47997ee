import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { createOrm } from '../database/createOrm.ts';
import { prune, type Pruned } from '../services/retention/prune.ts';
import { CommandError } from './CommandError.ts';
import { openDatabase } from './openDatabase.ts';

export function pruneCommand(): Command {
  return new Command('prune')
    .description('Remove what is older than the settings RETENTION_… keep, as workers do every hour. Killed in the middle, nothing is left to mend.')
    .option('--dry-run', 'tell how many rows would go, and change nothing')
    .option('--json', 'print {"table": rows}')
    .action(runPruneCommand);
}

async function runPruneCommand({ dryRun = false, json = false }: { dryRun?: boolean; json?: boolean }): Promise<void> {
  const environment = readEnvironment();
  const database = await openDatabase(environment, (line) => process.stderr.write(`${line}\n`));
  const orm = await createOrm({ url: database.url, poolSize: 2, applicationName: 'outrider prune' });
  const stop = new AbortController();
  const onSignal = () => stop.abort(new CommandError('Stopped; what was removed stays removed, and the next run goes on.', 130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const onBatch = (table: string, rows: number) => void (process.stderr.isTTY && process.stderr.write(`\r\u001b[K${table}: ${rows}`));
    const pruned = await prune(orm.em.fork().getKysely<any>(), { retention: environment.retention, actor: 'cli', dryRun, signal: stop.signal, onBatch });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stdout.write(json ? `${JSON.stringify(pruned)}\n` : inWords(pruned, dryRun));
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await orm.close();
    await database.stop();
  }
}

function inWords(pruned: Pruned, dryRun: boolean): string {
  const counts = Object.entries(pruned).map(([table, rows]) => `${rows} ${table}`);
  if (counts.length === 0) return dryRun ? 'Nothing would go.\n' : 'Nothing was removed.\n';
  return `${dryRun ? 'Would go' : 'Removed'}: ${counts.join(', ')}.\n`;
}
