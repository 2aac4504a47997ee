import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../config/logger.ts';
import type { ServerContext } from './context.ts';
import { WrittenData, type Executor } from './executor.ts';
import { createFormatError } from './formatError.ts';

export const maxTokens = 2_000;

/** Apollo Server around our executor: it parses, validates and formats. */
export function createApollo(schema: GraphQLSchema, { execute }: Executor, log: Logger): ApolloServer<ServerContext> {
  return new ApolloServer<ServerContext>({
    gateway: gatewayOf(schema, execute),
    parseOptions: { maxTokens },
    introspection: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    formatError: createFormatError(log),
    stringifyResult: (result) => (result.data instanceof WrittenData ? `{"data":${result.data.json}}` : JSON.stringify(result)),
    logger: { debug: () => {}, info: () => {}, warn: (text) => log.warn({}, String(text)), error: (text) => log.error({}, String(text)) },
    plugins: [emptyNameIsNone, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
}

/** Clients send an empty operationName for none; Apollo looks for an operation of that name, and fails behind a gateway. */
const emptyNameIsNone: ApolloServerPlugin<ServerContext> = {
  async requestDidStart({ request }) {
    request.operationName ||= undefined;
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
          execute({ query: request.query, document, operationName: request.operationName, variables: request.variables, context }) as never,
      };
    },
    async stop() {},
  };
}
