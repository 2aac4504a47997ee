import type { Kysely, RawBuilder } from 'kysely';

/** Parameters of the statements whose rows are read by their columns; Kysely hands them to the client as they are. */
const read = new WeakSet<object>();

/** Whether these are the parameters of a statement of `readRows`. */
export const isRead = (parameters: unknown): parameters is unknown[] => typeof parameters === 'object' && parameters !== null && read.has(parameters);

/**
 * The rows of a statement for readers that ask some of their columns once: a value is made of PostgreSQL's text when its
 * property is read. The properties are not the rows' own: they cannot be spread, enumerated or assigned.
 */
export async function readRows<Row>(db: Kysely<never>, statement: RawBuilder<Row>): Promise<Row[]> {
  const compiled = statement.compile(db);
  read.add(compiled.parameters);
  return (await db.executeQuery(compiled)).rows;
}
