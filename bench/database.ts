import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, startEmbeddedPostgres } from './outrider.ts';

/** What the command line says. */
export interface BenchOptions {
  /** another file to import */
  csv?: string;
  /** the largest size of `growth`, and the size of the job of `drafts` */
  rows?: number;
  /** how long `load` goes on */
  minutes?: number;
}

export interface BenchServer {
  /** A migrated database of its own; every benchmark gets an untouched one. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** An embedded PostgreSQL as `npm start` runs it: with fsync. */
export async function startServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outrider-bench-'));
  // PostgreSQL may have to run as another user than this one.
  await chmod(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    async createDatabase(name) {
      await query(postgres.url, `create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      await migrate({ url: url.href, appliedBy: 'bench' });
      return url.href;
    },
    async stop() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs SQL on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Prospects like imported projects, with ids of the version that Outrider makes, each with as many social profiles. */
export async function seedProspects(url: string, prospects: number, profilesEach: number): Promise<void> {
  await query(
    url,
    `with made as (
       insert into prospects (id, created_at, canonical_key, source_platform, profile_url, username, display_name, email, bio_text,
                              external_links, follower_count, engagement_rate, tags, review_status)
       select uuidv7(), timestamptz '2026-01-01' + n * interval '1 second', 'example.org/project-' || n, 'website',
              'https://example.org/project-' || n, 'project-' || n, 'Project ' || n, 'maintainer-' || n || '@example.org',
              repeat('What project ' || n || ' is about. ', 6), jsonb_build_array('https://example.org/' || n, 'https://example.net/' || n),
              n % 10000, (n % 1000) / 10.0, array['tag-' || n % 7, 'tag-' || n % 11], 'approved'
       from generate_series(1, ${prospects}) n returning id, username)
     insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, bio_text, follower_count)
     select gen_random_uuid(), made.id, 'bench/' || username || '/' || p, (array['github', 'mastodon', 'bluesky']::platform[])[1 + p % 3],
            username || '-' || p, username, 'https://example.com/' || username || '/' || p, 'Profile of ' || username, p * 100
     from made cross join generate_series(1, ${profilesEach}) p`,
  );
  await query(url, 'analyze');
}
