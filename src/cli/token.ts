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

/** A day is meant to its end, in UTC. */
function readExpiry(text: string): Date {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = days === undefined ? Date.parse(`${text}T23:59:59.999Z`) : Date.now() + Number(days) * 86_400_000;
  // Date.parse takes the 31st of February for the 3rd of March.
  const isReal = days !== undefined || (isDay && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text));
  if (!isReal) throw new CommandError(`${text} is no time to expire: write a number of days, 90d, or a day, 2027-01-31.`, 2);
  return new Date(time);
}

function createCommand(): Command {
  return new Command('create')
    .description('Print a new API key once; only its hash is stored.')
    .requiredOption('--name <name>', 'whose key it is')
    .addOption(new Option('--role <role>', 'what it may do').choices(Object.values(Role)).makeOptionMandatory())
    .option('--expires <when>', 'when it ends by itself: a number of days, 90d, or a day, 2027-01-31; never unless told')
    .action(async ({ name, role, expires }: { name: string; role: Role; expires?: string }) => {
      const expiresAt = expires === undefined ? null : readExpiry(expires);
      const database = await openDatabase(readEnvironment(), (line) => process.stderr.write(`${line}\n`));
      try {
        process.stdout.write(`${await newApiKey(database.url, { name, role, expiresAt })}\n`);
      } catch (error) {
        throw error instanceof UserErrors ? new CommandError(error.message, 2) : error;
      } finally {
        await database.stop();
      }
    });
}
