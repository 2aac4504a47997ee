import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { OutriderError } from '../domain/errors.ts';

/** Words cost PostgreSQL more than in proportion, in a tsquery. */
const longestSearch = 1_000;

/** `type` is the column's enum. A single value as equality keeps the order of the index behind it; a list would have to be sorted. */
export function oneOf(column: RawBuilder<unknown>, type: string, values: readonly string[]): RawBuilder<SqlBool> {
  return values.length === 1
    ? sql`${column} = ${values[0]}::${sql.id(type)}`
    : sql`${column} = any(${values}::${sql.id(type)}[])`;
}

/** Full-text search over a tsvector, in the words of a search engine: "a phrase", -without, or. */
export function matches(document: RawBuilder<unknown>, words: string): RawBuilder<SqlBool> {
  if (words.length > longestSearch) throw new OutriderError('BAD_USER_INPUT', `Search for ${longestSearch.toLocaleString('en')} characters at most.`);
  return sql`${document} @@ websearch_to_tsquery('simple', ${words})`;
}
