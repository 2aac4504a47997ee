import graphql from '@graphql-eslint/eslint-plugin';

const { configs, parser } = graphql;

/** Object types that are values, not entities: nobody asks `node` for one, so they have no id. */
const valueTypes = [
  'PageInfo',
  'UserError',
  'Viewer',
  'Worker',
  'DraftPreview',
  'DraftVersion',
  'OutcomeCount',
  'FailureReason',
  'JobProgress',
  'JobThroughput',
  'StageCount',
  'PipelineStatus',
  'ReadReplica',
  'SchemaHealth',
  'SchemaChange',
  'SchemaRepair',
  'SchemaDriftHistory',
  'SchemaRepairHistory',
  'RecordedStep',
  'FeatureHealth',
  'MigrationHealth',
  'MigrationHistory',
  'DatabaseInfo',
  'UnverifiedPart',
  'LockBlocker',
  'Settings',
  'Sender',
  'SenderRecord',
  'TagCount',
  'WaitingMessages',
  'SendingSettings',
  'SendingWindow',
  'FollowUpSettings',
  'FollowUpTemplateSettings',
  'DraftTemplateSettings',
  'LanguageModelSettings',
];

/** ESLint reads the emitted GraphQL schema only; TypeScript is oxlint's (.oxlintrc.json). */
export default [
  {
    files: ['schema.graphql'],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { types: valueTypes, suffixes: ['Connection', 'Edge', 'Payload'] } },
      ],
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
