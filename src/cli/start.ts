import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { openAll } from './openAll.ts';
import { openTelemetry } from './openTelemetry.ts';
import { untilSignal } from './untilSignal.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('Server and worker in one process, on the embedded PostgreSQL unless DATABASE_URL is set.')
    .action(async () => {
      const environment = readEnvironment();
      const { log, close } = await openTelemetry(environment);
      const { server, stop } = await openAll(environment, log, (line) => log.info(line));
      const stopped = untilSignal(async () => {
        await stop();
        await close();
      });
      process.stdout.write(`Outrider is ready at ${server.url}\n`);
      if (server.loginUrl) process.stdout.write(`Open ${server.loginUrl}\n`);
      await stopped;
    });
}
