import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { publishedServer } from './server.ts';

export interface TestDatabase {
  /** A superuser's URL. */
  url: string;
  /** Removes it, ending whatever connections are left. */
  drop(): Promise<void>;
}

/** A database of one's own with the present schema and no rows, in some 50 ms. */
export function createTestDatabase(): Promise<TestDatabase> {
  const { template, strategy } = publishedServer();
  return create(`template ${template} ${strategy}`);
}

/** A database of one's own with nothing in it; `settings` are those of CREATE DATABASE. */
export function createEmptyDatabase(settings = ''): Promise<TestDatabase> {
  return create(`template template0 ${settings}`);
}

/** Runs one statement on a connection of its own. */
export async function queryOnce<Row extends pg.QueryResultRow>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** The same over a few connections that stay open: each new one costs 15 ms of CPU. One that the server ended is replaced. */
export interface Queries {
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function openQueries(url: string): Queries {
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'test' });
  pool.on('error', () => {});
  return {
    query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => (await pool.query<Row>(sql, values)).rows,
    close: () => pool.end(),
  };
}

/** The URL of another database on the test server. */
export function urlOf(database: string): string {
  const url = new URL(publishedServer().url);
  url.pathname = `/${database}`;
  return url.href;
}

async function create(source: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = publishedServer().url;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    // One clone at a time in the whole run: PostgreSQL refuses a template that somebody else is reading.
    await client.query('select pg_advisory_lock(7230519)');
    await client.query(`create database ${name} ${source}`);
  } finally {
    await client.end();
  }
  return { url: urlOf(name), drop: () => queryOnce(admin, `drop database if exists ${name} with (force)`).then(() => {}) };
}
