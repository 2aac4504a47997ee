import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const id = '00000000-0000-4000-8000-000000000001';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
beforeEach(async () => {
  await client.query('delete from prospects');
  await client.query(`insert into prospects (id, canonical_key, display_name, bio_text) values ($1, 'example.org/1', 'Ada', 'Analyst')`, [id]);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const rise = `updated_at = greatest(now(), updated_at + interval '1 millisecond')`;

/** `updated_at` as text, and how many UPDATEs of prospects the statement made. */
async function update(assignments: string): Promise<{ at: string; updates: number }> {
  const count = async () => Number((await client.query(`select n_tup_upd from pg_stat_xact_user_tables where relname = 'prospects'`)).rows[0].n_tup_upd);
  const before = await count();
  await client.query(`update prospects set ${assignments} where id = $1`, [id]);
  const { rows } = await client.query('select updated_at::text as at from prospects');
  return { at: rows[0].at, updates: (await count()) - before };
}

test('an UPDATE that forgets the version is touched after it, and rises above the one before in the same transaction', async () => {
  await client.query('begin');
  const first = await update(`tags = '{one}'`);
  const second = await update(`tags = '{two}'`);
  const back = await update(`updated_at = '2000-01-01'`);
  await client.query('commit');
  expect([first.at, second.at, back.at].toSorted()).toEqual([first.at, second.at, back.at]);
  expect(new Set([first.at, second.at]).size).toBe(2);
  expect(first.updates).toBe(2);
});

test('one that sets it is written once', async () => {
  await client.query('begin');
  expect((await update(`draft_status = 'pending_review', ${rise}`)).updates).toBe(1);
  await client.query('commit');
});

test('the words of a prospect are put together only when its texts change', async () => {
  await client.query('begin');
  // Whoever computes them now fails.
  await client.query(`create or replace function search_document(display_name text, username text, bio_text text, tags text[]) returns tsvector
    language plpgsql immutable parallel safe as $$ begin raise exception 'computed'; end $$`);
  await update(`draft_status = 'pending_review', draft_subject = 'Hello', review_status = 'approved', ${rise}`);
  await expect(update(`bio_text = 'Countess', ${rise}`)).rejects.toThrow('computed');
  await client.query('rollback');
});
