import { Command } from 'commander';
import { version } from '../config/version.ts';
import { demoCommand } from './demo.ts';
import { importCommand } from './import.ts';
import { migrateCommand } from './migrate.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { tokenCommand } from './token.ts';
import { workerCommand } from './worker.ts';

/** The program `outrider`, one file a command. Wrong usage exits 2. */
export function createProgram(): Command {
  const program = new Command('outrider')
    .description('GraphQL server and operations dashboard for an outreach pipeline.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(run it with --help to see what it takes)');
  for (const command of [
    startCommand(),
    demoCommand(),
    migrateCommand(),
    serveCommand(),
    workerCommand(),
    importCommand(),
    schemaCommand(),
    tokenCommand(),
  ]) {
    program.addCommand(command.exitOverride());
  }
  return program;
}
