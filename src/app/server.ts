import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import type { Outreach } from '../config/outreach.ts';
import { localToken } from '../config/secrets.ts';
import { createEvents } from '../events/createEvents.ts';
import { createExecutor } from '../execution/executor.ts';
import type { SchemaHealthMonitor } from '../health/health.ts';
import { SchemaRepairs } from '../health/repair/schemaRepairs.ts';
import { answerUnreadable } from '../http/answerUnreadable.ts';
import { dashboardFolder } from '../http/dashboard.ts';
import { Draining } from '../http/Draining.ts';
import { Admission } from '../limits/Admission.ts';
import { admitTransfers } from '../limits/admitTransfers.ts';
import { createGate } from '../limits/createGate.ts';
import { openRateLimiter } from '../limits/openRateLimiter.ts';
import { readTrustedDocuments } from '../limits/readTrustedDocuments.ts';
import { createQueue } from '../queue/queue.ts';
import { openReplicas } from '../replicas/openReplicas.ts';
import { watchDrafts } from '../services/drafts/watchDrafts.ts';
import { watchJobs } from '../services/watchJobs.ts';
import { admitOperations } from './admitOperations.ts';
import { createApollo } from './apollo.ts';
import { buildSchema } from './buildSchema.ts';
import { closeConnections } from './closeConnections.ts';
import { endOperations } from './endOperations.ts';
import { endWithToken } from './endWithToken.ts';
import { createFormatError } from './formatError.ts';
import { createApp, graphqlPath } from './http.ts';
import { identifyRequests } from './identifyRequests.ts';
import { openAccess } from './openAccess.ts';
import { createContext, createSharedContext } from './requestContext.ts';
import { openSockets } from './sockets/openSockets.ts';
import { traceOperations } from './traceOperations.ts';
import { traceRequests } from './traceRequests.ts';
import { within } from './within.ts';

/** How long requests in hand may take once the server closes (ms): as long as a statement may. */
const requestsMs = 20_000;
/** How long a repair may take until it can be broken off (ms). */
const repairsMs = 5_000;
/** Longer than proxies keep a connection open that nobody uses (nginx and AWS: 60 s): who closes it first must not be us (ms). */
const keepAliveMs = 75_000;
/** How long the head of a request may take to come (ms); how long its body may, depends on how much of it comes. */
const headMs = 60_000;
/** How often sockets are asked whether their keys are still good (ms): while a key that is revoked elsewhere would be told here, and while it would not. */
const keyCheckMs = { hearing: 30_000, deaf: 2_000 };

export interface ServerOptions {
  environment: Environment;
  outreach: Outreach;
  orm: MikroORM;
  /** postgresql://… of the same database, for the queue's and the events' own connections */
  url: string;
  /** of the role that migrates and repairs; `url` unless told */
  ownerUrl?: string;
  health: SchemaHealthMonitor;
  log: Logger;
}

export interface RunningServer {
  /** http://127.0.0.1:4000/ */
  url: string;
  /** the url that signs a browser in; null where only API keys are accepted */
  loginUrl: string | null;
  /** not ready any more; after DRAIN_SECONDS stops listening, closes the sockets and ends what runs */
  close(): Promise<void>;
}

/** Starts the API and the dashboard. What it is given stays open when it closes. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { environment, outreach, log, orm, url: databaseUrl, ownerUrl = databaseUrl, health } = options;
  const trusted = environment.trustedDocuments === undefined ? null : readTrustedDocuments(environment.trustedDocuments, join(dashboardFolder, 'trusted-documents.json'));
  const adminTokens = environment.outriderTokens ?? [localToken(environment.dataDir)];
  const access = openAccess({ environment, publicUrl: outreach.publicUrl, adminTokens, orm, isHearing: () => events.status.connected, onChange: () => checkTokens(), log });
  const withTokens = endWithToken(access);
  const checkTokens = () => {
    withTokens.check();
    void sockets.checkActors();
  };
  const schema = buildSchema();
  const { limits } = environment;
  const rates = openRateLimiter({ url: databaseUrl, ...limits.rate, log });
  const gate = createGate(schema, limits, rates.rate, trusted);
  const maxTokens = limits.document.tokens || undefined;
  const admission = new Admission(limits.operations);
  const transfers = admitTransfers(limits.transfers);
  const executor = endOperations(admitOperations(traceOperations(createExecutor(schema, gate)), admission), limits.deadlineMs);
  const apollo = createApollo(schema, executor, { log, maxTokens });
  await apollo.start();

  const events = createEvents({ databaseUrl, eventsUrl: environment.eventsUrl, log });
  const replicas = openReplicas({ orm, url: databaseUrl, replicaUrls: environment.replicas.urls, maxLagMs: environment.replicas.maxLagMs, events, log });
  const queue = createQueue({ url: databaseUrl, log });
  const jobs = watchJobs({ em: () => orm.em.fork(), events, log });
  const drafts = watchDrafts({ em: () => orm.em.fork(), events, log });
  const repairs = new SchemaRepairs({ health, ownerUrl, log });
  const resources = { orm, health, repairs, queue, events, replicas, jobs, drafts, outreach };
  const draining = new Draining();
  const app = createApp({ ...resources, log }, {
    ...environment, access, withTokens, admission, transfers, rate: rates.rate, patienceMs: limits.patienceMs, executor, apollo, schema, trusted, maxBodyBytes: limits.bodyBytes,
    // It is of no use to whoever may not ask for the schema or run what they write.
    graphiql: limits.introspection && trusted === null,
  });
  const server = createServer({ keepAliveTimeout: keepAliveMs, headersTimeout: headMs, requestTimeout: 0, shouldUpgradeCallback: asksForSocket }, draining.around(identifyRequests(traceRequests(app))));
  answerUnreadable(server);
  const sockets = openSockets({
    server,
    path: graphqlPath,
    schema,
    gate,
    trusted,
    maxTokens,
    maxMessageBytes: limits.messageBytes,
    access,
    mostPerSocket: limits.sockets.operations,
    deadlineMs: limits.deadlineMs,
    limits: limits.sockets,
    createContext: (actor) => createContext(resources, actor),
    createSharedContext: (role) => createSharedContext(resources, role),
    passed: (names) => replicas.passed(names),
    formatError: createFormatError(log),
  });
  events.subscribe('keys', () => {
    access.authenticator.forget();
    checkTokens();
  });
  // A key that expires tells nobody.
  const checking = setInterval(checkTokens, keyCheckMs.hearing);
  const checkingDeaf = setInterval(() => {
    if (!events.status.connected) checkTokens();
  }, keyCheckMs.deaf);
  const release = async () => {
    clearInterval(checking);
    clearInterval(checkingDeaf);
    await access.close();
    jobs.close();
    drafts.close();
    await within(repairsMs, repairs.close());
    await apollo.stop();
    await closeConnections(replicas.close(), queue.close(), events.close(), rates.close());
  };
  try {
    await listen(server, environment);
  } catch (error) {
    await sockets.close();
    await release();
    throw error;
  }
  const url = urlOf(server, environment.host);
  return {
    url,
    loginUrl: environment.isLoopback ? `${url}?token=${encodeURIComponent(adminTokens[0]!)}` : null,
    async close() {
      draining.begin();
      await sleep(environment.drainSeconds * 1000);
      await sockets.close();
      server.close();
      await within(requestsMs, draining.idle());
      server.closeAllConnections();
      await release();
    },
  };
}

/** Others, such as Java's client, offer to go on as HTTP/2 with every request, and are content with an answer. */
const asksForSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** @throws with one sentence when the port is taken or may not be used */
function listen(server: Server, { host, port }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new CannotListenError(host, port, error)));
    server.listen(port, host, () => resolve());
  });
}

/** The address cannot be listened on; the message is one sentence that says what to do. */
export class CannotListenError extends Error {
  override readonly name = 'CannotListenError';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(
      cause.code === 'EADDRINUSE'
        ? `Port ${port} on ${host} is in use: stop what listens there, or set PORT to another one.`
        : `The server cannot listen on ${host}:${port} (${cause.code ?? cause.message}): set HOST and PORT to an address of this machine.`,
      { cause },
    );
  }
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}
