import type { Client } from 'pg';

/** The limits and spellings of a role or a database are made for queries, not for building an index over everything. */
const settings = {
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  // A process that was killed in mid statement gives up its lock soon, not when the statement ends.
  client_connection_check_interval: process.platform === 'win32' ? '0' : '2s',
  // What is frozen is read as it was written.
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
};

/** Sets for a session that changes the schema what it relies on, and `more`; what this version of PostgreSQL does not know is left out. */
export async function prepareSession(client: Client, more: Readonly<Record<string, string>>): Promise<void> {
  await client.query('select set_config(key, value, false) from json_each_text($1) where key in (select name from pg_settings)', [JSON.stringify({ ...settings, ...more })]);
}
