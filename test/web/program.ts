import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, openQueries, type Queries, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The built program's server and workers as processes of their own, on a database of their own. */
export class Program {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'outrider-web-'));
  readonly #processes = new Set<ChildProcess>();
  readonly #token = 'token-of-the-browser-test';
  readonly #settings: NodeJS.ProcessEnv;
  #port = 0;

  readonly #queries: Queries;

  private constructor(readonly database: TestDatabase, settings: NodeJS.ProcessEnv) {
    this.#queries = openQueries(database.url);
    this.#settings = settings;
  }

  /** On a fresh database, with these variables of the environment beside the usual ones. */
  static async open(settings: NodeJS.ProcessEnv = {}): Promise<Program> {
    return new Program(await createTestDatabase(), settings);
  }

  /** Where the server listens: the same address after it was started again. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** The address that the server prints, which signs a browser in as an administrator. */
  loginUrl(): string {
    return `${this.url}?token=${encodeURIComponent(this.#token)}`;
  }

  /** A key of that role, made by the command. */
  async createKey(role: 'viewer' | 'operator'): Promise<string> {
    const { stdout } = await run(process.execPath, [join(root, 'dist/index.js'), 'token', 'create', '--name', role, '--role', role], { env: this.#environment() });
    const key = stdout.split(/\s+/).find((word) => word.length >= 32);
    if (!key) throw new Error(`There is no key in: ${stdout}`);
    return key;
  }

  async serve(): Promise<ChildProcess> {
    const { child, output } = this.#start('serve');
    const port = () => /Outrider is ready at http:\/\/127\.0\.0\.1:(\d+)\//.exec(output.text)?.[1];
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    // What throws in a condition counts as not yet true, for a minute.
    await waitFor(() => port() ?? hasEnded(), { timeoutMs: 60_000 });
    if (hasEnded()) throw new Error(`serve ended (${child.exitCode ?? child.signalCode}): ${output.text}`);
    this.#port = Number(port());
    return child;
  }

  async work(): Promise<ChildProcess> {
    return this.#start('worker').child;
  }

  /** SIGTERM, or what is given, and waits for the end. */
  async stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#processes.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    return this.#queries.query(sql, values);
  }

  /** Prospects with an address, named "Prospect 1", "Prospect 2", …, as `review` says; every `silent`th has no bio. */
  async addProspects(count: number, { review = 'approved', silent = 0, name = 'Prospect' } = {}): Promise<void> {
    await this.query(
      `insert into prospects (id, canonical_key, profile_url, display_name, email, bio_text, review_status)
       select gen_random_uuid(), 'example.org/' || lower($4) || n, 'https://example.org/' || lower($4) || n, $4 || ' ' || n,
         lower($4) || n || '@example.org', case when $3::int > 0 and n % nullif($3::int, 0) = 0 then null else 'Makes things' end, $2::text::review_status
       from generate_series(1, $1::int) as n`,
      [count, review, silent, name],
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#processes].map((child) => this.stop(child)));
    await this.#queries.close();
    await this.database.drop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DATABASE_URL: this.database.url,
      DATA_DIR: this.#dataDir,
      OUTRIDER_TOKEN: this.#token,
      PORT: String(this.#port),
      HOST: '127.0.0.1',
      SCHEMA_POLICY: 'strict',
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      ...this.#settings,
    };
  }

  #start(command: string): { child: ChildProcess; output: { text: string } } {
    const child = spawn(process.execPath, [join(root, 'dist/index.js'), command], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    this.#processes.add(child);
    return { child, output };
  }
}
