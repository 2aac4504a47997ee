import { CommanderError } from 'commander';
import { ConfigurationError } from '../config/ConfigurationError.ts';
import { environmentSecrets } from '../config/environment.ts';
import { createScrub, createSecretScrub } from '../config/scrub.ts';
import { CommandError } from './CommandError.ts';
import { endOnUncaught } from './endOnUncaught.ts';
import { endSoon } from './endSoon.ts';
import { logWarnings } from './logWarnings.ts';
import { createProgram } from './program.ts';

const usageErrorCode = 2;

/**
 * Runs one command and tells its exit code: 0, the command's own, 1 when it failed, 2 on bad usage.
 * A failure is one sentence on standard error, without secrets; what nobody caught is one line of the log.
 */
export async function run(argv: string[]): Promise<number> {
  endOnUncaught();
  logWarnings();
  try {
    const program = await createProgram(argv[2]);
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : usageErrorCode;
    }
    process.stderr.write(`${scrubbed(error)}\n`);
    return error instanceof CommandError ? error.exitCode : 1;
  } finally {
    endSoon();
  }
}

/** Our own sentences quote no values, but show what a URL or an address looks like. */
function scrubbed(error: unknown): string {
  const scrub = error instanceof ConfigurationError || error instanceof CommandError ? createSecretScrub : createScrub;
  return scrub(environmentSecrets())(sentence(error));
}

function sentence(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof CommandError) {
    return error.message;
  }
  const { code, message } = error as { code?: string; message?: string };
  // The driver's own words, which have no code.
  if (/^timeout expired$|due to connection timeout$/.test(message ?? '')) return 'The database does not answer: it accepts connections and says nothing. Look whether PostgreSQL hangs, or something else listens there.';
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return `The database does not answer (${message}): start PostgreSQL or correct DATABASE_URL.`;
    case '28P01':
    case '28000':
      return `The database refuses the login (${message}): correct the user and password in DATABASE_URL.`;
    case '3D000':
      return `The database named in DATABASE_URL is missing (${message}): create it, then run this again.`;
    case 'ERR_INVALID_URL':
      return 'A URL in the environment is none: characters such as / # ? @ in a user or a password are written %2F %23 %3F %40. Look at DATABASE_URL first.';
    case 'ENOSPC':
    case '53100':
      return 'The disk is full: make room, then run this again; nothing that was committed is lost.';
    case '42P01':
    case '42703':
      return `The database lacks what this command needs (${message}): run "outrider migrate", or "outrider schema check" to see more.`;
    default:
      return message ?? String(error);
  }
}
