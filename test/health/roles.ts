import { queryOnce, type TestDatabase } from '../support/database.ts';

export interface TestRole {
  name: string;
  /** the database, as this role */
  url: string;
  /** with all that it owns and was granted in this database */
  drop(): Promise<void>;
}

/** A role that may log in, and nothing else but what the statements grant; in them %role stands for its name. */
export async function createRole({ url }: TestDatabase, ...statements: string[]): Promise<TestRole> {
  const name = `role_${new URL(url).pathname.slice(-12)}_${Math.random().toString(36).slice(2, 8)}`;
  await queryOnce(url, `create role ${name} login password 'r'`);
  for (const statement of statements) await queryOnce(url, statement.replaceAll('%role', name));
  const own = new URL(url);
  own.username = name;
  own.password = 'r';
  return { name, url: own.href, drop: () => queryOnce(url, `drop owned by ${name}; drop role ${name}`).then(() => {}) };
}

/** What a server's role needs, and no more than that. */
export const serving = ['grant usage on schema public, pgboss to %role', 'grant all on all tables in schema public, pgboss to %role', 'grant all on all sequences in schema public, pgboss to %role'];
