import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { aheadRefusal } from '../health/startRefusal.ts';
import { migrate, type MigrateResult } from '../migrate/migrate.ts';
import { CommandError } from './CommandError.ts';
import { openDatabase } from './openDatabase.ts';
import { watchingHealth } from './watchingHealth.ts';

/** Nobody waits for the answer but a deployment. */
const HEALTH_DEADLINE_MS = 30_000;

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Apply pending migrations; one process at a time, and twice is harmless.')
    .option('--dry-run', 'print the SQL that would run, and change nothing')
    .action(async ({ dryRun }: { dryRun?: boolean }) => {
      const log = (line: string) => process.stderr.write(`${line}\n`);
      const database = await openDatabase(readEnvironment(), log);
      try {
        const result = await migrate({ url: database.ownerUrl, dryRun, log });
        if (result.ahead.length > 0) await requireNeeds(database.ownerUrl);
        process.stdout.write(dryRun ? plan(result) : summary(result));
      } finally {
        await database.stop();
      }
    });
}

/** @throws {CommandError} when what this version needs is not there, or could not be looked at */
async function requireNeeds(url: string): Promise<void> {
  const report = await watchingHealth({ url, schemaPolicy: undefined, deadline: HEALTH_DEADLINE_MS }, (health) => health.check({ refresh: true }));
  const refusal = aheadRefusal(report);
  if (refusal !== null) throw new CommandError(refusal);
}

function summary({ applied, alreadyApplied }: MigrateResult): string {
  const total = applied.length + alreadyApplied.length;
  if (applied.length === 0) return `Nothing to apply: all ${total} migrations are in place.\n`;
  return `Applied ${applied.length} of ${total} migrations: ${applied.map(({ name }) => name).join(', ')}.\n`;
}

/** SQL that could be run by hand; names and counts are comments. */
function plan({ pending, alreadyApplied }: MigrateResult): string {
  const head = `-- ${alreadyApplied.length} applied, ${pending.length} pending`;
  const parts = pending.map(({ name, statements, transactional }) => {
    const note = `-- ${name}: ${statements.length} statements${transactional ? ', one transaction' : ', one by one'}`;
    return [note, ...statements.map((statement) => `${statement};`)].join('\n');
  });
  return `${[head, ...parts].join('\n\n')}\n`;
}
