/**
 * What an expression of a table may rest on: each word as a column of the table ("jobs.status") and as the name of an enum
 * or a function ("word:job_status").
 */
export function mentionedIn(table: string, ...expressions: (string | null)[]): string[] {
  return namesIn(...expressions).flatMap((name) => [`${table}.${name}`, `word:${name}`]);
}

/** What a query may rest on: the relations whose names stand in it, their columns, enums and functions. */
export function mentionedInQuery(query: string, relations: Record<string, { columns: object }>): string[] {
  const names = new Set(namesIn(query));
  const read = Object.entries(relations).filter(([relation]) => names.has(relation) || names.has(relation.slice(relation.lastIndexOf('.') + 1)));
  const columns = read.flatMap(([relation, { columns: all }]) => Object.keys(all).filter((column) => names.has(column)).map((column) => `${relation}.${column}`));
  return [...read.map(([relation]) => relation), ...columns, ...[...names].map((name) => `word:${name}`)];
}

function namesIn(...expressions: (string | null)[]): string[] {
  const words = expressions.flatMap((sql) => (sql ?? '').replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")+"|\w+/g) ?? []);
  return [...new Set(words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word)))];
}

/** The word by which expressions name an enum or a function: "pgboss.job_now()" → "word:job_now". */
export function wordFor(object: string): string {
  return `word:${object.replace(/\(.*$/, '').replace(/^.*\./, '')}`;
}
