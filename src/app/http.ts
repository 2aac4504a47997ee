import { fileURLToPath } from 'node:url';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { json, type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from '../config/logger.ts';
import { tokenOf, type Authenticator } from '../http/authenticate.ts';
import { dashboardRoutes } from '../http/dashboard.ts';
import { jsonErrors, sendError } from '../http/errors.ts';
import { healthRoutes } from '../http/health.ts';
import { importRoutes } from '../http/importUpload.ts';
import { inboundRoutes } from '../http/inbound.ts';
import { loginRoutes, tokenFromUrl } from '../http/login.ts';
import { migrateRoutes } from '../http/migrate.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import { unsubscribeRoutes } from '../http/unsubscribe.ts';
import { notReadyMessage, type ServerContext } from './context.ts';
import { databaseFailure } from './databaseErrors.ts';
import { createContext, type Resources } from './requestContext.ts';

export const graphqlPath = '/graphql';
const maxBody = '512kb';
const dashboard = fileURLToPath(new URL('../web', import.meta.url));

/** Every route over HTTP. The health routes and the dashboard's files need no token; everything else does. */
export function createApp(resources: Resources & { log: Logger }, authenticator: Authenticator, apollo: ApolloServer<ServerContext>): Express {
  const metrics = createMetrics(resources.health);
  const authenticated = requireActor(authenticator);
  const app = express().disable('x-powered-by').disable('etag');
  app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, connectSrc: ["'self'", 'ws:', 'wss:'] } } }));
  app.use('/health', migrateRoutes(resources.repairs, authenticator));
  app.use('/health', healthRoutes(resources.health));
  app.get('/', tokenFromUrl(authenticator));
  app.use(loginRoutes(authenticator));
  app.use(unsubscribeRoutes({ services: () => ({ em: resources.orm.em.fork(), outreach: resources.outreach }), log: resources.log }));
  app.use(graphqlPath, timed(metrics), authenticated, json({ limit: maxBody }), withBody);
  app.use(graphqlPath, expressMiddleware(apollo, { context: async ({ res }) => createContext(resources, res.locals['actor']) }));
  app.post('/import', authenticated, importReady(resources));
  app.use(importRoutes((actor) => createContext(resources, actor).services()));
  app.use('/import', importFailed(resources));
  app.post('/inbound', authenticated);
  app.use(inboundRoutes((actor) => createContext(resources, actor).services()));
  app.get('/metrics', authenticated);
  app.use(metrics.routes);
  app.use(dashboardRoutes(dashboard));
  app.use((_request, response) => sendError(response, 'NOT_FOUND', 'There is nothing here.', 404));
  app.use(jsonErrors({ log: resources.log, isUnavailable: (error) => databaseFailure(error) === 'unavailable' }));
  return app;
}

function requireActor(authenticator: Authenticator): RequestHandler {
  return async (request, response, next) => {
    const actor = await authenticator.actorOf(tokenOf(request));
    if (actor) {
      response.locals['actor'] = actor;
      next();
    } else {
      sendError(response, 'UNAUTHENTICATED', 'Send a valid token: Authorization: Bearer TOKEN, or the cookie that the printed URL sets.');
    }
  };
}

/** An upload is refused before anything is read when the mutation that does the same would be. */
function importReady(resources: Resources): RequestHandler {
  return async (_request, response, next) => {
    const context = createContext(resources, response.locals['actor']);
    const parts = context.isSchemaBroken() ? await context.lacking(['Mutation.importProspects']) : null;
    if (parts) sendError(response, 'SCHEMA_NOT_READY', notReadyMessage(parts), 503, parts);
    else next();
  };
}

/** What broke while it was read: the schema's health knows it by now. */
function importFailed(resources: Resources): ErrorRequestHandler {
  return async (error: Error, _request, response, next) => {
    const context = databaseFailure(error) === 'schema' && !response.headersSent ? createContext(resources, response.locals['actor']) : null;
    const parts = await context?.explain(error, ['Mutation.importProspects']);
    if (parts) sendError(response, 'SCHEMA_NOT_READY', notReadyMessage(parts), 503, parts);
    else next(error);
  };
}

/** Apollo takes a request without a body for one that nobody parsed. */
const withBody: RequestHandler = (request, _response, next) => {
  request.body ??= {};
  next();
};

function timed({ observe }: Metrics): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once('finish', () => observe(request.method, (performance.now() - start) / 1000, response.statusCode >= 400));
    next();
  };
}
