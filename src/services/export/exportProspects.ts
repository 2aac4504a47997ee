import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import { type Kysely, type SqlBool, sql } from 'kysely';
import { prospectConditions, type ProspectFilter } from '../../entities/prospectFilter.ts';
import { type ExportFormat, type ExportRow, selectList } from './columns.ts';
import { writers } from './formats.ts';

export interface ExportProspects {
  format: ExportFormat;
  filter: ProspectFilter;
  /** stops the statement that is running, and then the export */
  signal: AbortSignal;
}

const rowsAtOnce = 500;
/** Of somebody who was erased there is nothing left to take along. */
const notErased = sql<SqlBool>`erased_at is null`;

/**
 * The selected prospects as pieces of a file, in the order of their canonical keys, which an import into another database
 * keeps. All of one snapshot; nothing is held in memory but one piece, and the next is read when it is asked for.
 * @param em a fork of its own, whose transaction lasts as long as the export
 */
export async function* exportProspects(em: EntityManager, { format, filter, signal }: ExportProspects): AsyncGenerator<string> {
  const { head, row } = writers[format];
  const canceller = em.fork();
  await em.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  const db = em.getKysely() as Kysely<any>;
  let stop = () => {};
  let cancelling: Promise<unknown> = Promise.resolve();
  try {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    stop = () => {
      cancelling = sql`select pg_cancel_backend(${rows[0]!.pid})`.execute(canceller.getKysely());
    };
    signal.addEventListener('abort', stop, { once: true });
    signal.throwIfAborted();
    await sql`
      declare export no scroll cursor for
      select ${selectList} from prospects
      where ${sql.join([notErased, ...prospectConditions(filter)], sql` and `)} order by canonical_key`.execute(db);
    let piece = await fetchPiece(db, row);
    yield head + piece;
    while (piece !== '') {
      signal.throwIfAborted();
      piece = await fetchPiece(db, row);
      if (piece !== '') yield piece;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // The connection goes back to the pool: whatever was meant for its statement must have arrived before.
    await cancelling.catch(() => {});
    await em.rollback();
  }
}

/** Empty at the end. */
async function fetchPiece(db: Kysely<any>, write: (row: ExportRow) => string): Promise<string> {
  const { rows } = await sql<ExportRow>`fetch ${sql.lit(rowsAtOnce)} from export`.execute(db);
  return rows.map(write).join('');
}
