/** A worker as a process of its own: node workerProcess.ts URL [OUTREACH as JSON] [EVENTS_URL]. Prints "ready", and ends on SIGTERM as the command does. */
import { startWorker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { outreachOf } from '../support/outreach.ts';

const url = process.argv[2]!;
const orm = await createOrm({ url });
const worker = startWorker({ orm, url, eventsUrl: process.argv[4] || undefined, log: createLogger('error'), outreach: outreachOf(JSON.parse(process.argv[3] ?? '{}')) });
process.once('SIGTERM', async () => {
  await worker.stop();
  await orm.close(true);
  process.exit(0);
});
process.stdout.write('ready\n');
