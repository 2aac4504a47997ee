import { Command } from 'commander';
import { version } from '../config/version.ts';

/** One file a command, loaded when it is run: an import has no use for the server's code in its memory. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  demo: async () => (await import('./demo/demo.ts')).demoCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  worker: async () => (await import('./worker.ts')).workerCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  prune: async () => (await import('./prune.ts')).pruneCommand(),
  schema: async () => (await import('./schema.ts')).schemaCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
};

/** The program `outrider` with the command that `name` names, or with all of them: for help and for typing errors. */
export async function createProgram(name = ''): Promise<Command> {
  const program = new Command('outrider')
    .description('GraphQL server and operations dashboard for an outreach pipeline.')
    .version(version);
  explainErrors(program);
  const wanted = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const command of await Promise.all(wanted.map((load) => load()))) {
    explainErrors(command);
    program.addCommand(command);
  }
  return program;
}

/** Also for subcommands, which do not inherit it: ends by an exception, after an error that says where help is. */
function explainErrors(command: Command): void {
  command.exitOverride().showHelpAfterError('(run it with --help to see what it takes)');
  command.commands.forEach(explainErrors);
}
