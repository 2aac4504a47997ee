const swc = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', tsx, decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
      keepClassNames: true,
      experimental: { keepImportAttributes: true },
    },
    module: { type: 'es6' },
  },
];

/** Each test file gets databases of its own, cloned from a template that test/support/globalSetup.ts migrates once. */
export default {
  testEnvironment: '<rootDir>/test/support/jest/SharedEnvironment.ts',
  runtime: '<rootDir>/test/support/jest/SharedRuntime.ts',
  testSequencer: '<rootDir>/test/support/jest/LongestFirst.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test/**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': swc(false), '\\.tsx$': swc(true) },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/bench/'],
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  reporters: ['default', '<rootDir>/test/support/closingLine.js'],
  testTimeout: 240_000,
  // One more than two cores: tests wait on conditions a good part of their time.
  maxWorkers: 3,
};
