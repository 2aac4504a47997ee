import type { RequestListener } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { json, type ErrorRequestHandler, type RequestHandler } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../config/logger.ts';
import type { TrustProxy } from '../config/trustProxy.ts';
import { OutriderError } from '../domain/errors.ts';
import type { MonitoredEvents } from '../events/events.ts';
import { allowOrigins } from '../http/allowOrigins.ts';
import { dashboardFolder, dashboardRoutes } from '../http/dashboard.ts';
import { jsonErrors, sendError, sendFailure } from '../http/errors.ts';
import { exportRoutes } from '../http/export.ts';
import { healthRoutes } from '../http/health.ts';
import { importRoutes } from '../http/importUpload.ts';
import { inboundRoutes } from '../http/inbound.ts';
import { loginRoutes, tokenFromUrl } from '../http/login.ts';
import { migrateRoutes } from '../http/migrate.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import { answerPosition, positionOf } from '../http/position.ts';
import { requireActor, type Access } from '../http/requireActor.ts';
import { securityHeaders } from '../http/securityHeaders.ts';
import { unsubscribeRoutes } from '../http/unsubscribe.ts';
import type { Admission } from '../limits/Admission.ts';
import type { TrustedDocuments } from '../limits/TrustedDocuments.ts';
import { readWorkload } from '../services/readWorkload.ts';
import { exportedFields } from '../services/export/columns.ts';
import { currentRequestId } from '../telemetry/logContext.ts';
import { refuseEarly } from './admitOperations.ts';
import { notReadyMessage, type ServerContext } from './context.ts';
import { databaseFailure } from './databaseErrors.ts';
import { documentIds } from './documentIds.ts';
import type { Executor } from './executor.ts';
import { filterReader } from './filterReader.ts';
import { answerKnownQueries } from './knownQueries.ts';
import { requestIdHeader } from './identifyRequests.ts';
import { createContext, type Resources } from './requestContext.ts';

export const graphqlPath = '/graphql';

export interface AppOptions {
  trustProxy: TrustProxy;
  access: Access;
  admission: Admission;
  /** origins of other front ends */
  corsOrigins: readonly string[];
  executor: Executor;
  apollo: ApolloServer<ServerContext>;
  schema: GraphQLSchema;
  /** null: documents have no ids */
  trusted: TrustedDocuments | null;
  /** of a GraphQL request */
  maxBodyBytes: number;
}

/** Every route over HTTP. The health routes and the dashboard's files need no token; everything else does. */
export function createApp(
  resources: Resources & { log: Logger; events: MonitoredEvents }, { trustProxy, access, admission, corsOrigins, executor, apollo, schema, trusted, maxBodyBytes }: AppOptions,
): RequestListener {
  const metrics = createMetrics(resources.health, resources.events, resources.replicas, admission, () => readWorkload(resources.orm.em.fork().getKysely()));
  const authenticated = requireActor(access);
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', trustProxy);
  app.use(securityHeaders(), tellRequestId);
  app.use('/health', migrateRoutes(resources.repairs, access));
  app.use('/health', healthRoutes(resources.health, resources.events, resources.replicas, access));
  app.use(loginRoutes(access));
  app.use(unsubscribeRoutes({ services: () => ({ em: resources.orm.em.fork(), outreach: resources.outreach }), log: resources.log }));
  app.use(graphqlPath, timed(metrics), authenticated, json({ limit: maxBodyBytes }), oneOperation, documentIds(trusted));
  app.use(graphqlPath, expressMiddleware(apollo, {
    context: async ({ req, res }) => createContext(resources, res.locals['actor'], {
      given: positionOf(req),
      answer: (position) => answerPosition(req, res, position, resources.replicas.keepMs),
      onLeave: (leave) => res.once('close', leave),
    }),
  }));
  app.post('/import', authenticated, ready(resources, importCoordinates), writes(resources));
  app.use(importRoutes((actor) => createContext(resources, actor).services()));
  app.use('/import', failed(resources, importCoordinates));
  app.get('/export', authenticated, ready(resources, exportCoordinates));
  app.use(exportRoutes({ em: () => resources.orm.em.fork(), readFilter: filterReader(schema), log: resources.log }));
  app.use('/export', failed(resources, exportCoordinates));
  app.post('/inbound', authenticated, ready(resources, inboundCoordinates), writes(resources));
  app.use(inboundRoutes((actor) => createContext(resources, actor).services()));
  app.use('/inbound', failed(resources, inboundCoordinates));
  app.get('/metrics', authenticated);
  app.use(metrics.routes);
  app.get('/{*path}', tokenFromUrl(access));
  app.use(dashboardRoutes(dashboardFolder));
  app.use((_request, response) => sendError(response, 'NOT_FOUND', 'There is nothing here.', 404));
  app.use(jsonErrors({ log: resources.log, isUnavailable: (error) => databaseFailure(error) === 'unavailable' }));
  const known = answerKnownQueries({
    path: graphqlPath, executor, access, observe: metrics.observe, otherwise: app,
    // A query tells no position: it writes nothing.
    createContext: (request, response, actor) => createContext(resources, actor, { given: positionOf(request), answer: () => {}, onLeave: (leave) => response.once('close', leave) }),
  });
  return allowOrigins(corsOrigins, refuseEarly(admission, graphqlPath, known));
}

const tellRequestId: RequestHandler = (_request, response, next) => {
  response.set(requestIdHeader, currentRequestId());
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
    response.once('close', replicas.beginWriting(response.locals['actor'].name));
    next();
  };
}

/** What broke meanwhile: the schema's health knows it by now. */
function failed(resources: Resources, coordinates: readonly string[]): ErrorRequestHandler {
  return async (error: Error, _request, response, next) => {
    const context = databaseFailure(error) === 'schema' && !response.headersSent ? createContext(resources, response.locals['actor']) : null;
    const parts = await context?.explain(error, coordinates);
    if (parts) sendError(response, 'SCHEMA_NOT_READY', notReadyMessage(parts), 503, parts);
    else if (databaseFailure(error) === 'text' && !response.headersSent) sendError(response, 'BAD_USER_INPUT', 'A text has a character that cannot be stored, such as NUL.', 400);
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
