import { Client, type ClientConfig, type QueryArrayResult } from 'pg';
import { inStatement } from '../telemetry/trace.ts';
import { isRead } from './readRows.ts';
import { rowReader } from './rowReader.ts';

const asText = { getTypeParser: () => (text: string) => text };

export interface DatabaseClientConfig extends ClientConfig {
  /** settings with which a session begins, whatever those of its role and database are */
  sessionParameters?: Readonly<Record<string, string>>;
}

/** A client of PostgreSQL for a pool: its statements are spans, and it knows those of `readRows`. */
export class DatabaseClient extends Client {
  readonly #sessionParameters: Readonly<Record<string, string>>;

  constructor(config: DatabaseClientConfig = {}) {
    super(config);
    this.#sessionParameters = config.sessionParameters ?? {};
  }

  /** pg asks for it when it connects; its types do not name it. */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = Client.prototype as unknown as { getStartupConf: () => Record<string, string> };
    return { ...getStartupConf.call(this), ...this.#sessionParameters };
  }

  // pg's own signature is seven overloads, and everything goes on to them as it came.
  override query(...args: any[]): any {
    const [statement, values] = args;
    const text: unknown = typeof statement === 'string' ? statement : statement?.text;
    if (typeof text !== 'string' || typeof args.at(-1) === 'function' || typeof statement.submit === 'function') return super.query.apply(this, args as any);
    return inStatement(text, () => (isRead(values) ? this.#read(text, values) : this.#promise(statement, values)));
  }

  async #read(text: string, values: unknown[]): Promise<unknown> {
    const { command, rowCount, fields, rows } = await this.#promise<QueryArrayResult<(string | null)[]>>({ text, rowMode: 'array', types: asText }, values);
    const Row = rowReader(fields, (type) => this.getTypeParser(type, 'text'));
    return { command, rowCount, rows: rows.map((columns) => new Row(columns)) };
  }

  /** By a callback: the rows that pg resolves a promise of its own with stay until the next major collection of garbage. */
  #promise<Result>(statement: unknown, values: unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: Result) => {
        if (error && isLast(error)) this.#retire();
        if (error) reject(error);
        else resolve(result);
      };
      super.query(...([statement, values, done].filter((given) => given !== undefined) as [any, any]));
    });
  }

  /** A pool keeps no client that is ending. */
  #retire(): void {
    void this.end().catch(() => {});
  }
}

/** The server closes the connection after such an error: whoever asks again at once must not be given it before that is seen here. */
const isLast = ({ code = '' }: Error & { code?: string }): boolean => /^(57P0[1-5]|25P0[34])$/.test(code);
