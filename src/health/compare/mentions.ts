/**
 * What an expression of a table may rest on: each word as a column of the table ("jobs.status") and as the name of an enum
 * or a function ("word:job_status").
 */
export function mentionedIn(table: string, ...expressions: (string | null)[]): string[] {
  const words = expressions.flatMap((sql) => (sql ?? '').replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")+"|\w+/g) ?? []);
  const names = words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word));
  return [...new Set(names)].flatMap((word) => [`${table}.${word}`, `word:${word}`]);
}

/** The word by which expressions name an enum or a function: "pgboss.job_now()" → "word:job_now". */
export function wordFor(object: string): string {
  return `word:${object.replace(/\(.*$/, '').replace(/^.*\./, '')}`;
}
