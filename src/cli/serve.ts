import { Command } from 'commander';
import { openServer } from '../app/openServer.ts';
import { readEnvironment } from '../config/environment.ts';
import { openDatabase } from './openDatabase.ts';
import { openTelemetry } from './openTelemetry.ts';
import { exitOnSignal, untilSignal } from './untilSignal.ts';

export function serveCommand(): Command {
  return new Command('serve').description('Serve the API and the dashboard until SIGTERM.').action(async () => {
    const environment = readEnvironment();
    const { log, close } = await openTelemetry(environment);
    exitOnSignal();
    const database = await openDatabase(environment, (line) => log.info(line));
    try {
      const server = await openServer({ environment, database, log, policy: environment.schemaPolicy ?? 'strict' });
      // Listened for before anybody can know that it is ready.
      const stopped = untilSignal(() => server.close());
      process.stdout.write(`Outrider is ready at ${server.url}\n`);
      if (server.loginUrl) process.stdout.write(`Open ${server.loginUrl}\n`);
      await stopped;
    } finally {
      await database.stop();
      await close();
    }
  });
}
