import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { migrate, type MigrateResult } from '../migrate/migrate.ts';
import { openDatabase } from './openDatabase.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Apply pending migrations; one process at a time, and twice is harmless.')
    .option('--dry-run', 'print the SQL that would run, and change nothing')
    .action(async ({ dryRun }: { dryRun?: boolean }) => {
      const log = (line: string) => process.stderr.write(`${line}\n`);
      const database = await openDatabase(readEnvironment(), log);
      try {
        const result = await migrate({ url: database.ownerUrl, dryRun, log });
        process.stdout.write(dryRun ? plan(result) : summary(result));
      } finally {
        await database.stop();
      }
    });
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
