import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { activeQueries, refetchOnConnect } from './activeQueries.ts';
import { paced } from './paced.ts';
import { notePosition, positionHeaders } from './position.ts';
import { readTimes } from './readTimes.ts';
import { signedOut } from './session.ts';
import { socket } from './socket.ts';

/** Types without an id are values: they live inside their parent. */
const embedded = () => null;
const valueTypes = [
  'DatabaseInfo', 'DraftPreview', 'DraftTemplateSettings', 'DraftVersion', 'FailureReason', 'FeatureHealth',
  'FollowUpSettings', 'FollowUpTemplateSettings', 'JobProgress', 'JobThroughput', 'LanguageModelSettings',
  'LockBlocker', 'MigrationHealth', 'MigrationHistory', 'OutcomeCount', 'PageInfo', 'PastDrift', 'PipelineStatus', 'ReadReplica',
  'RecordedStep', 'RepairStep', 'SchemaChange', 'SchemaDrift', 'SchemaDriftHistory', 'SchemaHealth', 'SchemaRepair',
  'SchemaRepairHistory', 'Sender', 'SenderRecord', 'SendingSettings', 'SendingWindow', 'Settings', 'StageCount',
  'UnverifiedPart', 'UserError', 'Viewer', 'WaitingMessages', 'Worker',
];

/**
 * The one GraphQL client of this page: a normalised cache over HTTP, subscriptions over the socket.
 * What is cached is shown at once and asked again.
 */
export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetchOptions: () => ({ headers: positionHeaders() }),
  requestPolicy: 'cache-and-network',
  exchanges: [
    mapExchange({
      onError(error) {
        const unknown = error.graphQLErrors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
        if (unknown || error.response?.status === 401) signedOut.set(true);
      },
    }),
    activeQueries,
    cacheExchange({ keys: Object.fromEntries(valueTypes.map((type) => [type, embedded])) }),
    readTimes,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe(sink) {
          const handOn = paced(sink);
          const next = (event: Parameters<typeof handOn.next>[0]) => {
            notePosition(event.extensions);
            handOn.next(event);
          };
          return { unsubscribe: socket.subscribe({ query, variables: variables as Record<string, unknown> }, { ...handOn, next }) };
        },
      }),
    }),
  ],
});

refetchOnConnect(client);
