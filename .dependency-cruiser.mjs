/**
 * The layers of src, checked by `npm run check:layers`: which folder may import which.
 * A folder may always import itself; a folder that is not in the table may import nothing of ours.
 */
export const layers = {
  config: [],
  telemetry: ['config'],
  domain: [],
  limits: ['domain', 'config'],
  migrations: [],
  postgres: ['config', 'domain'],
  entities: ['domain'],
  database: ['entities', 'telemetry', 'limits'],
  execution: ['limits', 'domain'],
  events: ['domain', 'config'],
  queue: ['database', 'domain', 'config'],
  replicas: ['events', 'health', 'database'],
  migrate: ['domain', 'config', 'migrations'],
  health: ['domain', 'config', 'entities', 'migrate'],
  network: [],
  mail: ['domain', 'config'],
  discovery: ['network', 'domain', 'config'],
  languageModel: ['domain', 'config'],
  queries: ['database', 'entities', 'domain'],
  loaders: ['queries', 'database', 'entities', 'domain'],
  services: ['telemetry', 'entities', 'events', 'queue', 'health', 'mail', 'discovery', 'languageModel', 'network', 'domain', 'config'],
  tasks: ['services', 'queue', 'telemetry', 'domain'],
  schema: ['domain'],
  resolvers: ['schema', 'services', 'queries', 'loaders', 'events', 'domain'],
  http: ['services', 'mail', 'health', 'replicas', 'domain', 'config'],
  cli: ['services', 'telemetry', 'events', 'queue', 'migrate', 'health', 'database', 'domain', 'config', 'postgres', 'app'],
  'index.ts': ['cli', 'app', 'config'],
};

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `src/${layer} may import ${allowed.length ? allowed.map((name) => `src/${name}`).join(', ') : 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^src/${layer}(/|$)` },
  to: { path: '^(src|web|test|bench|check)/', pathNot: `^src/(${[layer, ...allowed].join('|')})(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    {
      name: 'layer-unknown',
      comment: 'Every folder and file of src stands in the table above: a new one gets its row first.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(app|${Object.keys(layers).join('|')})(/|$)` },
      to: {},
    },
    {
      name: 'app-stays-in-src',
      comment: 'src/app wires all of src, and nothing else.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(web|bench|check)/' },
    },
    {
      name: 'nothing-imports-test',
      comment: 'Code that tests need and the product does not lives in test/support. A benchmark may open the browser of the tests.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/', pathNot: '^test/web/browser[.]ts$' },
    },
    {
      name: 'web-imports-nothing-of-src',
      comment: "The dashboard's types are generated from schema.graphql.",
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|bench|check)/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle means that two modules are one, or that a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that the tool cannot follow is an import that it does not check.',
      severity: 'error',
      // The peers of the benchmarks are not installed before the benchmarks run.
      from: { pathNot: '^bench/peers/' },
      to: { couldNotResolve: true, pathNot: '\\.css$|\\?' },
    },
  ],
  options: {
    // TypeScript 7 offers no compiler API: without swc the tool would read no module and find no fault.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(build|dist|coverage|node_modules/\\.cache)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
      conditionNames: ['import', 'node', 'types', 'module', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};
