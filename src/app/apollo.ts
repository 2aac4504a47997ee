import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../config/logger.ts';
import { WrittenData, type Executor } from '../execution/executor.ts';
import type { ServerContext } from './context.ts';
import { createFormatError } from './formatError.ts';

/** Whoever sends this header is told what the operation costs. */
export const costHeader = 'outrider-cost';

/** Apollo Server around our executor, which validates: it parses and formats. */
export function createApollo(schema: GraphQLSchema, { execute }: Executor, { log, maxTokens }: { log: Logger; maxTokens: number | undefined }): ApolloServer<ServerContext> {
  return new ApolloServer<ServerContext>({
    gateway: gatewayOf(schema, execute),
    parseOptions: { maxTokens },
    introspection: true,
    dangerouslyDisableValidation: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    formatError: createFormatError(log),
    stringifyResult: ({ data, ...rest }) => {
      if (!(data instanceof WrittenData)) return JSON.stringify({ ...rest, data });
      return `{"data":${data.json}${rest.extensions ? `,"extensions":${JSON.stringify(rest.extensions)}` : ''}}`;
    },
    logger: { debug: () => {}, info: () => {}, warn: (text) => log.warn({}, String(text)), error: (text) => log.error({}, String(text)) },
    plugins: [emptyNameIsNone, plainJsonIsOk, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
}

/** Clients send an empty operationName for none; Apollo looks for an operation of that name, and fails behind a gateway. */
const emptyNameIsNone: ApolloServerPlugin<ServerContext> = {
  async requestDidStart({ request }) {
    request.operationName ||= undefined;
  },
};

const ofTheRequest = new Set<unknown>(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * GraphQL over HTTP wants 200 for application/json, also where the document or its variables are wrong: whoever asks for this
 * type by name gets it. Who takes anything gets 400.
 */
const plainJsonIsOk: ApolloServerPlugin<ServerContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        const { http, body } = response;
        const accept = request.http?.headers.get('accept') ?? '';
        if (http.status !== 400 || body.kind !== 'single' || !accept.includes('application/json') || accept.includes('graphql-response')) return;
        if (ofTheRequest.has(body.singleResult.errors?.[0]?.extensions?.['code'])) http.status = 200;
      },
    };
  },
};

type Gateway = Extract<ApolloServerOptions<ServerContext>, { gateway: object }>['gateway'];

/** Apollo's gateway interface is its way to take another executor. */
function gatewayOf(schema: GraphQLSchema, execute: Executor['execute']): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    async load() {
      return {
        // The name that was asked for; Apollo's own is null where there is no such operation.
        executor: ({ document, request, context }) =>
          execute({
            query: request.query, document, operationName: request.operationName, variables: request.variables, context, tellsCost: request.http?.headers.has(costHeader),
          }) as never,
      };
    },
    async stop() {},
  };
}
