import {
  DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler,
  type CompiledQuery, type DatabaseConnection, type QueryResult,
} from 'kysely';
import type { Replica } from './Replica.ts';

const adapter = new PostgresAdapter();
const compiler = new PostgresQueryCompiler();

/** Where the reads of one request go. */
export interface RequestReads {
  /** statements only: there are no transactions and no streams over it */
  readonly db: Kysely<never>;
  /** from now on: the request has written, or will */
  usePrimary(): void;
}

interface RoutedReadsOptions {
  primary: Kysely<never>;
  /** a replica that is at least as new as the request needs; null when only the primary is */
  choose(): Replica | null;
  /** a statement ran there; null: on the primary */
  counted(replica: Replica | null): void;
}

/**
 * All to one replica, so that an edge is never older than the row it starts from, and to the primary from then on when the
 * replica fails.
 */
export class RoutedReads implements RequestReads {
  readonly db: Kysely<never>;
  readonly #options: RoutedReadsOptions;
  /** undefined before the first read */
  #replica: Replica | null | undefined;

  constructor(options: RoutedReadsOptions) {
    this.#options = options;
    this.db = over({
      executeQuery: (query) => this.#run(query) as Promise<QueryResult<any>>,
      streamQuery: () => {
        throw new Error('Reads are not streamed.');
      },
    });
  }

  usePrimary(): void {
    this.#replica = null;
  }

  async #run(query: CompiledQuery): Promise<QueryResult<unknown>> {
    if (this.#replica === undefined) this.#replica = this.#options.choose();
    const replica = this.#replica;
    if (replica) {
      replica.reading += 1;
      try {
        const result = await replica.db.executeQuery(query);
        this.#options.counted(replica);
        return result;
      } catch (error) {
        if (isCancelled(error)) throw error;
        this.usePrimary();
      } finally {
        replica.reading -= 1;
      }
    }
    this.#options.counted(null);
    return this.#options.primary.executeQuery(query);
  }
}

/**
 * A person or the time limit ended it, and the primary would take as long. All other failures may be the replica's own: it
 * goes away, it ends what keeps it from replaying (40001), it has not replayed a migration yet.
 */
function isCancelled(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  return code === '57014' && !message.includes('recovery');
}

function over(connection: DatabaseConnection): Kysely<never> {
  const driver = new (class extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      return connection;
    }
  })();
  return new Kysely<never>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => compiler,
    },
  });
}
