import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError } from 'commander';
import { closeConnections } from '../app/closeConnections.ts';
import { startWorker } from '../app/worker.ts';
import { readEnvironment } from '../config/environment.ts';
import { createOrm } from '../database/createOrm.ts';
import { openDatabase } from './openDatabase.ts';
import { openTelemetry } from './openTelemetry.ts';
import { untilSignal } from './untilSignal.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('Work on jobs until SIGTERM; any number of workers share the work.')
    .option('--concurrency <chunks>', 'chunks of targets at once', wholeNumber, 3)
    .action(async ({ concurrency }: { concurrency: number }) => {
      // What a chunk needs is dead when it ends: a young generation that grows to 100 MB would only keep that.
      setFlagsFromString('--semi-space-growth-factor=1');
      const environment = readEnvironment();
      const { log, close } = await openTelemetry(environment);
      const database = await openDatabase(environment, (line) => log.info(line));
      const orm = await createOrm({ url: database.url, poolSize: concurrency + 3, applicationName: 'outrider worker' });
      const worker = startWorker({ orm, url: database.url, eventsUrl: environment.eventsUrl, log, outreach: database.outreach, retention: environment.retention, concurrency });
      await untilSignal(async () => {
        await worker.stop();
        await closeConnections(orm.close(true));
        await database.stop();
        await close();
      });
    });
}

function wholeNumber(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 1 && number <= 16)) throw new InvalidArgumentError('It is a whole number from 1 to 16.');
  return number;
}
