import type { MikroORM } from '@mikro-orm/postgresql';
import { Role } from '../../src/domain/enums.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { type ImportOptions, importRecords } from '../../src/services/importRecords.ts';
import { outreachOf } from '../support/outreach.ts';
import { createTestDatabase, openQueries, type Queries, type TestDatabase } from '../support/database.ts';

export interface JobRow {
  id: string;
  status: string;
  sequence: number;
  total_targets: number | null;
  processed: number;
  failed_count: number;
  outcome_counts: { [outcome: string]: number };
  failure_reasons: { code: string; count: number }[];
  dry_run: boolean;
  error: string | null;
}

export interface FailureRow {
  ordinal: number;
  code: string;
  line: number;
  column: string | null;
  value: string | null;
  message: string;
}

export const header = 'source_type,source_platform,profile_url,username,display_name,bio_text,external_links,tags,email';

/** A database with what an import needs. */
export class ImportBench {
  private constructor(
    readonly database: TestDatabase,
    readonly orm: MikroORM,
    readonly queries: Queries,
  ) {}

  static async open(): Promise<ImportBench> {
    const database = await createTestDatabase();
    return new ImportBench(database, await createOrm({ url: database.url }), openQueries(database.url));
  }

  context(name = 'test'): ServiceContext {
    return { em: this.orm.em.fork(), actor: { name, role: Role.OPERATOR }, outreach: outreachOf() };
  }

  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]> {
    return this.queries.query<Row & { [column: string]: unknown }>(sql, values);
  }

  async import(content: string | Buffer | AsyncIterable<Buffer>, options: Partial<ImportOptions> = {}): Promise<JobRow> {
    const source = typeof content === 'string' || Buffer.isBuffer(content) ? inPieces(Buffer.from(content)) : content;
    const { jobId } = await importRecords(this.context(), source, { format: 'csv', mapping: {}, dryRun: false, digest: null, ...options });
    return this.job(jobId);
  }

  async job(id: string): Promise<JobRow> {
    const [row] = await this.query<JobRow>('select * from jobs where id = $1', [id]);
    if (!row) throw new Error(`There is no job ${id}.`);
    return row;
  }

  failures(jobId: string): Promise<FailureRow[]> {
    return this.query('select ordinal, code, line, column_name as column, value, message from job_targets where job_id = $1 order by ordinal', [jobId]);
  }

  names(): Promise<string[]> {
    return this.query<{ display_name: string }>('select display_name from prospects order by id').then((rows) => rows.map((row) => row.display_name));
  }

  /** Everything that an import may write, without ids and times. */
  async snapshot(): Promise<unknown> {
    return this.query(`
      select md5(string_agg(p::text, ',' order by canonical_key)) as prospects, count(*)::int,
        (select md5(string_agg((s.canonical_key, s.username, s.profile_url, q.canonical_key)::text, ',' order by s.canonical_key))
         from social_profiles s join prospects q on q.id = s.prospect_id) as profiles
      from (select canonical_key, source_type, source_platform, profile_url, username, display_name, email, bio_text, external_links,
        follower_count, engagement_rate, scraped_at, tags from prospects) as p`);
  }

  async close(): Promise<void> {
    await this.orm.close();
    await this.queries.close();
    await this.database.drop();
  }
}

/** As a network would hand it over. */
export async function* inPieces(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
