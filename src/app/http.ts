import type { RequestListener, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { json, type ErrorRequestHandler, type RequestHandler } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { TransferLimits } from '../config/limits.ts';
import type { Logger } from '../config/logger.ts';
import type { TrustProxy } from '../config/trustProxy.ts';
import { databaseFailure } from '../domain/databaseErrors.ts';
import { OutriderError } from '../domain/errors.ts';
import type { MonitoredEvents } from '../events/events.ts';
import type { Executor } from '../execution/executor.ts';
import { allowOrigins } from '../http/allowOrigins.ts';
import { dashboardFolder, dashboardRoutes } from '../http/dashboard.ts';
import { jsonErrors, sendError, sendFailure } from '../http/errors.ts';
import { exportRoutes } from '../http/export.ts';
import { graphiqlPath, graphiqlRoutes } from '../http/graphiql.ts';
import { greetBrowsers } from '../http/greetBrowsers.ts';
import { healthRoutes } from '../http/health.ts';
import { importRoutes } from '../http/importUpload.ts';
import { inboundRoutes } from '../http/inbound.ts';
import { limitBody } from '../http/limitBody.ts';
import { loginRoutes, tokenFromUrl } from '../http/login.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import { migrateRoutes } from '../http/migrate.ts';
import { answerPosition, positionOf } from '../http/position.ts';
import { requireActor, type Access } from '../http/requireActor.ts';
import { securityHeaders } from '../http/securityHeaders.ts';
import { unsubscribeRoutes } from '../http/unsubscribe.ts';
import type { Admission } from '../limits/Admission.ts';
import type { RateLimiter } from '../limits/RateLimiter.ts';
import { scopeOf } from '../limits/RequestScope.ts';
import type { TrustedDocuments } from '../limits/TrustedDocuments.ts';
import { exportedFields } from '../services/export/columns.ts';
import { readWorkload } from '../services/readWorkload.ts';
import { currentRequestId } from '../telemetry/logContext.ts';
import { refuseEarly } from './admitOperations.ts';
import { admitTransfer, beginning, refuse } from './admitTransfer.ts';
import { notReadyMessage, type ServerContext } from './context.ts';
import { documentIds } from './documentIds.ts';
import { endStalled } from './endStalled.ts';
import type { OpenWithTokens } from './endWithToken.ts';
import { filterReader } from './filterReader.ts';
import { requestIdHeader } from './identifyRequests.ts';
import { answerKnownQueries } from './knownQueries.ts';
import { createContext, type Exchange, type Resources } from './requestContext.ts';

export const graphqlPath = '/graphql';

/** Places of what is no operation. */
export type Transfers = Readonly<Record<keyof TransferLimits, Admission>>;

export interface AppOptions {
  trustProxy: TrustProxy;
  access: Access;
  withTokens: OpenWithTokens;
  admission: Admission;
  transfers: Transfers;
  rate: RateLimiter;
  /** how long a client may send or take next to nothing */
  patienceMs: number;
  /** origins of other front ends */
  corsOrigins: readonly string[];
  executor: Executor;
  apollo: ApolloServer<ServerContext>;
  schema: GraphQLSchema;
  /** null: documents have no ids */
  trusted: TrustedDocuments | null;
  /** whether GraphiQL is served */
  graphiql: boolean;
  /** of a GraphQL request */
  maxBodyBytes: number;
}

/** Every route over HTTP. The health routes and the files of the pages need no token; everything else does. */
export function createApp(
  resources: Resources & { log: Logger; events: MonitoredEvents }, { trustProxy, access, withTokens, admission, transfers, rate, patienceMs, corsOrigins, executor, apollo, schema, trusted, graphiql, maxBodyBytes }: AppOptions,
): RequestListener {
  const metrics = createMetrics(resources.health, resources.events, resources.replicas, { operations: admission, ...transfers }, (table) => readWorkload(resources.orm.em.fork().getKysely(), table));
  const authenticated = requireActor(access);
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', trustProxy);
  app.use(securityHeaders(), tellRequestId);
  app.use([graphqlPath, '/health', '/login', '/logout', '/import', '/export', '/inbound', '/metrics'], neverKept);
  app.use('/health', migrateRoutes(resources.repairs, access));
  app.use('/health', healthRoutes(resources.health, resources.events, resources.replicas, access));
  app.use(loginRoutes(access));
  app.use(unsubscribeRoutes({ services: () => ({ em: resources.orm.em.fork(), outreach: resources.outreach }), log: resources.log }));
  app.use(graphqlPath, greetBrowsers(graphiql ? graphiqlPath : null));
  app.use(graphqlPath, timed(metrics), authenticated, limitBody(maxBodyBytes), json({ limit: maxBodyBytes }), oneOperation, documentIds(trusted));
  app.use(graphqlPath, expressMiddleware(apollo, {
    context: async ({ req, res }) => createContext(resources, res.locals['actor'], {
      given: positionOf(req),
      answer: (position) => answerPosition(req, res, position, resources.replicas.keepMs),
      onLeave: leaving(res),
      scope: scopeOf(req),
    }),
  }));
  const limiting = { rate, patienceMs };
  const imports = admitTransfer(transfers.imports, limiting, { points: beginning.write });
  const exports = admitTransfer(transfers.exports, limiting, { points: beginning.read });
  const inbound = admitTransfer(transfers.inbound, limiting, { points: beginning.write, countsLength: true });
  app.post('/import', authenticated, withTokens.follow, imports, ready(resources, importCoordinates), writes(resources));
  app.use(importRoutes((actor) => createContext(resources, actor).services()));
  app.use('/import', failed(resources, importCoordinates));
  app.get('/export', authenticated, withTokens.follow, exports, ready(resources, exportCoordinates));
  app.use(exportRoutes({ em: () => resources.orm.em.fork(), readFilter: filterReader(schema), log: resources.log }));
  app.use('/export', failed(resources, exportCoordinates));
  app.post('/inbound', authenticated, withTokens.follow, inbound, ready(resources, inboundCoordinates), writes(resources));
  app.use(inboundRoutes((actor) => createContext(resources, actor).services()));
  app.use('/inbound', failed(resources, inboundCoordinates));
  app.get('/metrics', authenticated);
  app.use(metrics.routes);
  app.get('/{*path}', tokenFromUrl(access));
  if (graphiql) app.use(graphiqlRoutes());
  app.use(dashboardRoutes(dashboardFolder, { graphiql: graphiql ? graphiqlPath : null }));
  app.use((_request, response) => sendError(response, 'NOT_FOUND', 'There is nothing here.', 404));
  app.use(jsonErrors(resources.log));
  const known = answerKnownQueries({
    path: graphqlPath, executor, access, observe: metrics.observe, otherwise: app,
    // A query tells no position: it writes nothing.
    createContext: (request, response, actor) => createContext(resources, actor, { given: positionOf(request), answer: () => {}, onLeave: leaving(response), scope: scopeOf(request) }),
  });
  return endStalled(allowOrigins(corsOrigins, refuseEarly(admission, graphqlPath, known)), patienceMs);
}

/** Tells once that the client is gone; at once where it left while its key was looked up. */
function leaving(response: ServerResponse): Exchange['onLeave'] {
  return (leave) => void (response.closed ? leave() : response.once('close', leave));
}

const tellRequestId: RequestHandler = (_request, response, next) => {
  response.set(requestIdHeader, currentRequestId());
  next();
};

/** What is of this moment and of whoever asks, with a cookie perhaps, is kept by no browser and by nothing on the way. */
const neverKept: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

/** What a route needs as much as these coordinates of GraphQL do. */
const importCoordinates = ['Mutation.importProspects'];
const exportCoordinates = ['Query.prospects', ...exportedFields.map((field) => `Prospect.${field}`)];
/** Does with a kept mail what is done with one that comes in. */
const inboundCoordinates = ['Mutation.reclassifyInbound'];

/** A request is refused before anything is done when the operation that does the same would be. */
function ready(resources: Resources, coordinates: readonly string[]): RequestHandler {
  return async (request, response, next) => {
    const context = createContext(resources, response.locals['actor']);
    const parts = context.isSchemaBroken() ? await context.lacking(coordinates, { quietly: request.method === 'GET' }) : null;
    if (parts) sendError(response, 'SCHEMA_NOT_READY', notReadyMessage(parts), 503, parts);
    else next();
  };
}

/** What the caller reads after the answer is not older than what this request wrote. */
function writes({ replicas }: Resources): RequestHandler {
  return (_request, response, next) => {
    const written = replicas.beginWriting(response.locals['actor'].name);
    // Whoever left meanwhile closes it no more.
    if (response.closed) written();
    else response.once('close', written);
    next();
  };
}

/** What broke meanwhile: the schema's health knows it by now. */
function failed(resources: Resources, coordinates: readonly string[]): ErrorRequestHandler {
  return async (error: Error, _request, response, next) => {
    const context = databaseFailure(error) === 'schema' && !response.headersSent ? createContext(resources, response.locals['actor']) : null;
    const parts = await context?.explain(error, coordinates);
    if (parts) sendError(response, 'SCHEMA_NOT_READY', notReadyMessage(parts), 503, parts);
    else if (error instanceof GraphQLError && !response.headersSent) refuse(response, error);
    else if (error instanceof OutriderError && !response.headersSent) sendFailure(response, error, 400);
    else next(error);
  };
}

/** Apollo takes a request without a body for one that nobody parsed, and says of a batch that it lacks a query. */
const oneOperation: RequestHandler = (request, response, next) => {
  if (Array.isArray(request.body)) return sendError(response, 'BAD_REQUEST', 'Send one operation a request: batches are not taken.');
  request.body ??= {};
  return next();
};

function timed({ observe }: Metrics): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once('finish', () => observe(request.method, (performance.now() - start) / 1000, response.statusCode >= 400));
    next();
  };
}
