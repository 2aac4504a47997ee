import type { Kysely, RawBuilder } from 'kysely';
import type { Client, QueryArrayResult } from 'pg';
import { inStatement } from '../telemetry/trace.ts';
import { rowReader } from './rowReader.ts';

/** Parameters of the statements whose rows are read by their columns; Kysely hands them to the client as they are. */
const read = new WeakSet<object>();

/**
 * The rows of a statement for readers that ask some of their columns once: a value is made of PostgreSQL's text when its
 * property is read. The properties are not the rows' own: they cannot be spread, enumerated or assigned.
 */
export async function readRows<Row>(db: Kysely<never>, statement: RawBuilder<Row>): Promise<Row[]> {
  const compiled = statement.compile(db);
  read.add(compiled.parameters);
  return (await db.executeQuery(compiled)).rows;
}

const asText = { getTypeParser: () => (text: string) => text };

/** Clients of this class know the statements of `readRows`; from others its rows are ordinary objects. */
export function readingRows<Base extends typeof Client>(base: Base): Base {
  // The constructor of a mixin, and pg's own signature of seven overloads: everything goes on as it came.
  return class extends (base as any) {
    query(...args: any[]): any {
      const [text, values] = args;
      return typeof values === 'object' && read.has(values) ? this.#read(text, values) : super.query(...args);
    }

    async #read(text: string, values: unknown[]): Promise<unknown> {
      // By a callback: the rows that pg resolves a promise of its own with stay until the next major collection.
      const { command, rowCount, fields, rows } = await inStatement(text, () => new Promise<QueryArrayResult<(string | null)[]>>((resolve, reject) => {
        super.query({ text, values, rowMode: 'array', types: asText }, (error: Error | null, found: QueryArrayResult<(string | null)[]>) => (error ? reject(error) : resolve(found)));
      }));
      const Row = rowReader(fields, (type) => (this as any).getTypeParser(type, 'text'));
      return { command, rowCount, rows: rows.map((columns) => new Row(columns)) };
    }
  } as any;
}
