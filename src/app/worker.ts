import { hostname } from 'node:os';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from '../config/logger.ts';
import type { Outreach } from '../config/outreach.ts';
import type { Retention } from '../config/retention.ts';
import { version } from '../config/version.ts';
import { createEvents } from '../events/createEvents.ts';
import { createQueue } from '../queue/queue.ts';
import { Leases } from '../services/leases.ts';
import { recoverMessages } from '../services/sending/recoverMessages.ts';
import { MailboxReader } from '../services/replies/MailboxReader.ts';
import { removeWorker, reportWorker } from '../services/reportWorker.ts';
import { Slots, type WorkerContext } from '../services/workerContext.ts';
import { prune } from '../services/retention/prune.ts';
import { WebhookSender } from '../services/webhooks/WebhookSender.ts';
import { handleDiscoveries } from '../tasks/discover.ts';
import { handleDrafts } from '../tasks/draft.ts';
import { handleSends } from '../tasks/send.ts';
import { JobRunner } from '../tasks/jobRunner.ts';
import { closeConnections } from './closeConnections.ts';
import { repeat } from './repeat.ts';
import { within } from './within.ts';

export interface WorkerOptions {
  orm: MikroORM;
  /** postgresql://… of the same database, for the queue's and the events' own connections */
  url: string;
  /** who carries events between processes; the database unless told */
  eventsUrl?: string | undefined;
  log: Logger;
  outreach: Outreach;
  /** what old rows are removed; none unless told */
  retention?: Retention;
  /** chunks at once; 3 unless told */
  concurrency?: number;
}

export interface Worker {
  /** as in the list of workers */
  name: string;
  /** Claims nothing more, lets the chunks in hand end, gives back what does not end soon. Within 10 s. */
  stop(): Promise<void>;
}

/** Milliseconds. */
const every = { sweep: 1_000, rollUp: 300, renewal: 1_500, report: 3_000, webhooks: 1_000, pruning: 3_600_000, mailbox: 10_000 };
const grace = 5_000;

/** Works on jobs until it is stopped. It needs no database to start: it waits for one, then and whenever it is gone. */
export function startWorker({ orm, url, eventsUrl, log, outreach, retention, concurrency = 3 }: WorkerOptions): Worker {
  const id = uuidv7();
  const name = `${hostname()}:${process.pid}`;
  const stopping = new AbortController();
  const events = createEvents({ databaseUrl: url, eventsUrl, log });
  const queue = createQueue({ url, log, supervise: true });
  const leases = new Leases(id);
  const em = () => orm.em.fork();
  const context: WorkerContext = { em, events, outreach, log, leases, slots: new Slots(concurrency), connections: new Slots(concurrency), concurrency, stopping: stopping.signal };
  const runner = new JobRunner(context);
  const webhooks = new WebhookSender(context);
  const mailbox = new MailboxReader(context, id);
  const db = () => em().getKysely();
  const pruneOnce = async (): Promise<void> => {
    if (!retention) return;
    const started = performance.now();
    const pruned = await prune(db(), { retention, actor: 'retention', signal: stopping.signal }).catch((error: Error) => {
      if (stopping.signal.aborted) return {};
      throw error;
    });
    if (Object.keys(pruned).length > 0) log.info({ pruned, ms: Math.round(performance.now() - started) }, 'removed what is older than the settings keep');
  };

  const loops = [
    repeat('sweep', every.sweep, () => runner.sweep(), log),
    repeat('recover messages', every.sweep, () => recoverMessages(context), log),
    repeat('roll up', every.rollUp, () => runner.rollUp(), log),
    repeat('renew leases', every.renewal, () => leases.renew(db()), log),
    repeat('tell webhooks', every.webhooks, () => webhooks.send(), log),
    repeat('remove what is older than the settings keep', every.pruning, pruneOnce, log),
    repeat('read the mailbox', every.mailbox, () => mailbox.read(), log),
    repeat('report', every.report, () => reportWorker(db(), { id, name, version, runningChunks: leases.count }), log),
  ];
  handleDiscoveries(queue, runner);
  handleDrafts(queue, runner);
  handleSends(queue, runner);
  // The loop above sweeps too, and logs when it fails.
  const unsubscribe = events.subscribe('work', () => void runner.sweep().catch(() => {}));
  log.info({ worker: name }, 'worker started');

  const stop = async (): Promise<void> => {
    stopping.abort();
    unsubscribe();
    await within(grace, Promise.all([runner.settled(), webhooks.settled()]));
    loops.forEach((loop) => loop.stop());
    await within(2_000, Promise.all([webhooks.breakOff(), mailbox.close(), leases.releaseAll(db()).then(() => removeWorker(db(), id))]));
    await closeConnections(queue.close(), events.close());
    log.info({ worker: name }, 'worker stopped');
  };
  let stopped: Promise<void> | null = null;
  return { name, stop: () => (stopped ??= stop()) };
}
