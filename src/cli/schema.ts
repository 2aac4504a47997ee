import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { formatReport } from '../health/formatReport.ts';
import type { SchemaHealthMonitor, SchemaHealthReport, SchemaStatus } from '../health/health.ts';
import { openDatabase, type OpenDatabase } from './openDatabase.ts';
import { repairSchema } from './repairSchema.ts';
import { schemaHistory } from './schemaHistory.ts';
import { watchingHealth } from './watchingHealth.ts';

const exitCodes: Record<SchemaStatus, number> = { READY: 0, DRIFTED: 1, BROKEN: 1, UNVERIFIED: 2, UNREACHABLE: 2 };

export function schemaCommand(): Command {
  return new Command('schema')
    .description('See whether the schema is what this version needs, and mend it.')
    .addCommand(
      new Command('check')
        .description('Compare the live schema with the expected one; exits 0 READY, 1 DRIFTED or BROKEN, 2 UNVERIFIED or UNREACHABLE.')
        .option('--json', 'print what the query schemaHealth answers')
        .exitOverride()
        .action((options: { json?: boolean }) => withHealth((health) => check(health, options))),
    )
    .addCommand(
      new Command('repair')
        .description('Show the plan that mends the schema; with --apply run its SAFE steps.')
        .option('--apply <hash>', 'run exactly the plan of this hash')
        .option('--step <ids...>', 'only these steps, CAUTION ones too')
        .option('--json', 'print the plan or its outcome as JSON')
        .exitOverride()
        .action((options: { apply?: string; step?: string[]; json?: boolean }) =>
          withHealth((health, { ownerUrl }) => repairSchema({ health, ownerUrl, ...options }))),
    )
    .addCommand(
      new Command('history')
        .description('Show the history of migrations; exits 1 when something is wrong with it, or is left to do.')
        .option('--repair', 'show how it would be mended, from what is really there')
        .option('--adopt', "show how another system's database would be taken over")
        .option('--apply <hash>', 'run exactly the plan of this hash')
        .option('--json', 'print it as JSON')
        .exitOverride()
        .action((options: { repair?: boolean; adopt?: boolean; apply?: string; json?: boolean }) =>
          withHealth((health, { ownerUrl }) => schemaHistory({ health, ownerUrl, ...options }))),
    );
}

async function check(health: SchemaHealthMonitor, { json }: { json?: boolean }): Promise<void> {
  const report: SchemaHealthReport = await health.check({ refresh: true });
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  process.exitCode = exitCodes[report.status];
}

async function withHealth(work: (health: SchemaHealthMonitor, database: OpenDatabase) => Promise<void>): Promise<void> {
  const environment = readEnvironment();
  const database = await openDatabase(environment, (line) => process.stderr.write(`${line}\n`));
  try {
    await watchingHealth({ url: database.url, schemaPolicy: environment.schemaPolicy }, (health) => work(health, database));
  } finally {
    await database.stop();
  }
}
