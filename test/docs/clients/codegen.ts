import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/**/*.{ts,tsx}',
  generates: {
    'src/graphql/': {
      preset: 'client',
      config: { useTypeImports: true, scalars: { DateTime: 'string', EmailAddress: 'string', JSON: 'unknown', URL: 'string' } },
    },
  },
};

export default config;
