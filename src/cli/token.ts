import { Command, Option } from 'commander';
import { newApiKey } from '../app/apiKeys.ts';
import { readEnvironment } from '../config/environment.ts';
import { Role } from '../domain/enums.ts';
import { UserErrors } from '../domain/errors.ts';
import { CommandError } from './CommandError.ts';
import { openDatabase } from './openDatabase.ts';

export function tokenCommand(): Command {
  return new Command('token').description('API keys.').addCommand(createCommand());
}

function createCommand(): Command {
  return new Command('create')
    .description('Print a new API key once; only its hash is stored.')
    .requiredOption('--name <name>', 'whose key it is')
    .addOption(new Option('--role <role>', 'what it may do').choices(Object.values(Role)).makeOptionMandatory())
    .action(async ({ name, role }: { name: string; role: Role }) => {
      const database = await openDatabase(readEnvironment(), (line) => process.stderr.write(`${line}\n`));
      try {
        process.stdout.write(`${await newApiKey(database.url, { name, role })}\n`);
      } catch (error) {
        throw error instanceof UserErrors ? new CommandError(error.message, 2) : error;
      } finally {
        await database.stop();
      }
    });
}
