import type { MikroORM } from '@mikro-orm/postgresql';
import { Command, Option } from 'commander';
import { closeConnections } from '../app/closeConnections.ts';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { createLogger } from '../config/logger.ts';
import { Role } from '../domain/enums.ts';
import { UserErrors } from '../domain/errors.ts';
import { isUuid, uuidOf } from '../domain/globalId.ts';
import { createOrm } from '../database/createOrm.ts';
import { createEvents } from '../events/createEvents.ts';
import { createApiKey } from '../services/apiKeys/createApiKey.ts';
import { readApiKeys, type ListedApiKey } from '../services/apiKeys/readApiKeys.ts';
import { revokeApiKey } from '../services/apiKeys/revokeApiKey.ts';
import { CommandError } from './CommandError.ts';
import { openDatabase } from './openDatabase.ts';

const badUsage = 2;
const actor = { name: 'cli', role: Role.ADMIN };

export function tokenCommand(): Command {
  return new Command('token').description('API keys.').addCommand(createCommand()).addCommand(listCommand()).addCommand(revokeCommand());
}

/** Runs with the database of the environment. @throws {CommandError} what the services refuse */
async function withDatabase(run: (orm: MikroORM, at: { environment: Environment; databaseUrl: string }) => Promise<void>): Promise<void> {
  const environment = readEnvironment();
  const database = await openDatabase(environment, (line) => process.stderr.write(`${line}\n`));
  const orm = await createOrm({ url: database.url, poolSize: 1, applicationName: 'outrider token' });
  try {
    await run(orm, { environment, databaseUrl: database.url });
  } catch (error) {
    throw error instanceof UserErrors ? new CommandError(error.message, badUsage) : error;
  } finally {
    await closeConnections(orm.close(true));
    await database.stop();
  }
}

/** A day is meant to its end, in UTC. */
function readExpiry(text: string): Date {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = days === undefined ? Date.parse(`${text}T23:59:59.999Z`) : Date.now() + Number(days) * 86_400_000;
  // Date.parse takes the 31st of February for the 3rd of March.
  const isReal = days !== undefined || (isDay && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text));
  if (!isReal) throw new CommandError(`${text} is no time to expire: write a number of days, 90d, or a day, 2027-01-31.`, badUsage);
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
      await withDatabase(async (orm) => {
        const { key } = await createApiKey({ em: orm.em.fork(), actor }, { name, role, expiresAt });
        process.stdout.write(`${key}\n`);
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('Print the API keys, those that have ended too: what may they do, and when were they last used?')
    .option('--json', 'print them as JSON')
    .action(({ json = false }: { json?: boolean }) => withDatabase(async (orm) => {
      const keys = await readApiKeys(orm.em.fork().getKysely());
      process.stdout.write(json ? `${JSON.stringify(keys, null, 2)}\n` : tableOf(keys));
    }));
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('End an API key at once, on every server, open sockets too. That cannot be taken back.')
    .argument('<id>', 'its id, as "token list" or the API shows it')
    .action(async (given: string) => {
      const id = isUuid(given) ? given : uuidOf('ApiKey', given);
      if (id === null) throw new CommandError(`${given} is no id of an API key: take it from "outrider token list".`, badUsage);
      await withDatabase(async (orm, { environment: { eventsUrl, logLevel, secrets }, databaseUrl }) => {
        const events = createEvents({ databaseUrl, eventsUrl, log: createLogger(logLevel, { secrets }) });
        try {
          await revokeApiKey({ em: orm.em.fork(), actor, events }, id);
        } finally {
          await events.close();
        }
      });
      process.stdout.write('It opens nothing any more.\n');
    });
}

function tableOf(keys: readonly ListedApiKey[]): string {
  if (keys.length === 0) return 'There is no API key.\n';
  const day = (date: Date | null) => date?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';
  const state = ({ revokedAt, expiresAt }: ListedApiKey) => (revokedAt ? 'revoked' : expiresAt && expiresAt.getTime() <= Date.now() ? 'expired' : 'works');
  const rows = [
    ['ID', 'ROLE', 'STATE', 'MADE (UTC)', 'LAST USED', 'ENDS', 'NAME'],
    ...keys.map((key) => [key.id, key.role, state(key), day(key.createdAt), day(key.lastUsedAt), day(key.revokedAt ?? key.expiresAt), key.name]),
  ];
  const width = (index: number) => Math.max(...rows.map((row) => row[index]!.length));
  return `${rows.map((row) => row.map((cell, index) => cell.padEnd(width(index))).join('  ').trimEnd()).join('\n')}\n`;
}
