import { toGlobalId } from '../../src/domain/globalId.ts';

const times = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n)).join(' ');
const query = (text: string, variables?: unknown) => JSON.stringify({ query: text, variables });
/** `retryOf` twice at each of so many levels: the last has 2 to that many. */
const twice = (levels: number): string => (levels === 0 ? 'id' : `retryOf { ${twice(levels - 1)} } retryOf { ${twice(levels - 1)} }`);
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
const filtered = 'query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } }';
/** A body whose variables are this text, which JSON.stringify could not write. */
const withVariables = (text: string, document = filtered) => `{"query":${JSON.stringify(document)},"variables":${text}}`;

/** The only one that there is. */
export const prospectId = '01936f3e-0000-7000-8000-000000000001';
const preview = 'previewDraft(input: $input) { body }';
const previewing = (bodyTemplate: string, fields = preview) => query(`query ($input: PreviewDraftInput!) { ${fields} }`, { input: { prospectId: toGlobalId('Prospect', prospectId), subjectTemplate: 'Hello', bodyTemplate } });
const loop = (turns: number) => `{% for i in (1..${turns}) %}{% endfor %}`;
const wholeSchema = '{ types { ...T } } } fragment T on __Type { name description fields { name description args { name description type { ...R } } type { ...R } } inputFields { name description type { ...R } } enumValues { name description } } fragment R on __Type { name ofType { name ofType { name ofType { name } } } }';

/** Bodies that somebody may send to make a server slow or to bring it down, each below the limit of a body. */
export const hostileBodies: Readonly<Record<string, string>> = {
  'fragments that fan out': query(`{ job(id: "x") { ...F0 } } ${times(60, (n) => `fragment F${n} on Job { a: retryOf { ...F${n + 1} } b: retryOf { ...F${n + 1} } }`)} fragment F60 on Job { id }`),
  'fragments that fan out within the depth': query(`{ job(id: "x") { ...F0 } } ${times(18, (n) => `fragment F${n} on Job { a: retryOf { ...F${n + 1} } b: retryOf { ...F${n + 1} } c: retryOf { ...F${n + 1} } }`)} fragment F18 on Job { id }`),
  'fragments that spread each other in a circle': query(`{ job(id: "x") { ${times(40, (n) => `...F${n}`)} } } ${times(40, (n) => `fragment F${n} on Job { ${times(20, (k) => `...F${(n + k) % 40}`)} }`)}`),
  'fragments that all overlap': query(`{ job(id: "x") { ${times(130, (n) => `...F${n}`)} } } ${times(130, (n) => `fragment F${n} on Job { retryOf { id } }`)}`),
  'conflicting duplicates': query(`{ job(id: "x") { ${times(210, (n) => `failures(first: ${n}) { totalCount }`)} } }`),
  'equal duplicates': query(`{ job(id: "x") { ${times(480, () => 'retryOf { id }')} } }`),
  'duplicates inside duplicates': query(`{ job(id: "x") { ${times(10, () => `retryOf { ${times(40, () => 'retryOf { id }')} }`)} } }`),
  'two of each inside two of each': query(`{ job(id: "x") { ${twice(7)} } }`),
  'a long list of scalars at very many places': query(`{ job(id: "x") { ...F0 } } ${times(8, (n) => `fragment F${n} on Job { ...L a: retryOf { ...F${n + 1} } b: retryOf { ...F${n + 1} } c: retryOf { ...F${n + 1} } }`)} fragment F8 on Job { ...L } fragment L on Job { ${times(1_500, () => 'id')} }`),
  'a long chain of fragments at very many places': query(`{ job(id: "x") { ...F0 } } ${times(6, (n) => `fragment F${n} on Job { ...L0 a: retryOf { ...F${n + 1} } b: retryOf { ...F${n + 1} } c: retryOf { ...F${n + 1} } }`)} fragment F6 on Job { id } ${times(180, (n) => `fragment L${n} on Job { id ...L${n + 1} }`)} fragment L180 on Job { id }`),
  'equal duplicates of a scalar': query(`{ viewer { ${times(1_900, () => 'name')} } }`),
  'ten thousand __typename': query(`{ ${'__typename '.repeat(10_000)} }`),
  'ten thousand aliases': query(`{ ${times(10_000, (n) => `a${n}: __typename`)} }`),
  'unknown fields': query(`{ ${times(1_900, (n) => `prospect${n}`)} }`),
  'unknown directives': query(`{ __typename ${'@a'.repeat(900)} }`),
  'unused variables': query(`query (${times(480, (n) => `$v${n}: Int`)}) { viewer { name } }`),
  'many operations over one fragment': query(`${times(150, (n) => `query Q${n} { ...A }`)} fragment A on Query { ${'__typename '.repeat(600)} }`),
  'inline fragments inside each other': query(`{ ${nested('... on Query { ', '} ', 380).replace('} ', '__typename } ')} }`),
  'braces without an end': query('{'.repeat(100_000)),
  'lists without an end': query(`{ prospects(filter: ${'['.repeat(100_000)}`),
  'lists inside lists': query(`{ prospects(filter: ${nested('[', ']', 900)}) { totalCount } }`),
  'objects inside objects': query(`{ prospects(filter: ${nested('{ tags: ', ' } ', 450).replace('tags:  }', 'tags: [] }')}) { totalCount } }`),
  'a text of half a megabyte': query(`{ prospects(filter: { search: "${'x'.repeat(500_000)}" }) { totalCount } }`),
  'a text of escapes': query(`{ prospects(filter: { search: "${'\\u{1F600}'.repeat(40_000)}" }) { totalCount } }`),
  'a block text of quotes': query(`{ prospects(filter: { search: """${'\\""" '.repeat(40_000)}""" }) { totalCount } }`),
  'comments': query(`${'#\n'.repeat(160_000)}{ viewer { name } }`),
  'the deepest introspection': query(`{ __schema { types { ${nested('fields { type { ', '} } ', 40).replace('type { }', 'type { name }')} } } }`),
  'pages in pages': query('{ prospects(first: 100) { nodes { drafts(first: 100) { nodes { prospect { drafts(first: 100) { nodes { id } } } } } } } }'),
  'the whole schema forty times': query(`{ ${times(39, (n) => `a${n}: __schema { types { ...T } }`)} __schema ${wholeSchema}`),
  'a preview that loops for each of a hundred values that are missing': previewing(`${loop(100_000)}${times(100, (n) => `{{ v${n} }}`)}`),
  'previews by the dozen': previewing(loop(100_000), times(50, (n) => `a${n}: ${preview}`)),
  'variables inside each other': withVariables(`{"filter":${nested('[', ']', 120_000)}}`),
  'objects of variables inside each other': withVariables(`{"filter":${nested('{"a":', '}', 60_000).replace(':}', ':0}')}}`),
  'variables that nobody asked for': withVariables(`{"other":${nested('[', ']', 120_000)}}`, '{ viewer { name } }'),
  'a list of a quarter of a million': withVariables(`{"ids":[${'0,'.repeat(250_000)}0]}`, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'),
  'a list of wrong entries': withVariables(`{"filter":{"stage":[${'"X",'.repeat(9_000)}"X"]}}`),
  'a hundred thousand names': withVariables(`{"filter":{${times(30_000, (n) => `"name${n}":1,`)}"z":1}}`),
  'names of prototypes': withVariables('{"filter":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}'),
  'a search of half a megabyte': withVariables(`{"filter":{"search":"${'x '.repeat(240_000)}"}}`),
  'extensions inside each other': `{"query":"{ viewer { name } }","extensions":{"a":${nested('[', ']', 120_000)}}}`,
  'JSON without an end': `{"query":${'['.repeat(400_000)}`,
  'an operationName of half a megabyte': JSON.stringify({ query: '{ viewer { name } }', operationName: 'x'.repeat(500_000) }),
  'a batch of ten thousand': JSON.stringify(Array.from({ length: 10_000 }, () => ({ query: '{ __typename }' }))),
};
