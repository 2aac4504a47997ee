import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  db = new pg.Client({ connectionString: database.url });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await database.drop();
});
beforeEach(() => db.query('truncate prospects cascade'));

const id = '01900000-0000-7000-8000-000000000001';
const stage = async () => (await db.query('select stage from prospects')).rows[0].stage;
const addProspect = (draftStatus = 'none') =>
  db.query(`insert into prospects (id, canonical_key, display_name, review_status, draft_status) values ($1, 'ada', 'Ada', 'approved', $2::draft_status)`, [id, draftStatus]);
const addProfile = (name: string, draftStatus = 'none') =>
  db.query(`insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, draft_status) values (gen_random_uuid(), $1, $2, 'github', $2, 'https://github.com/' || $2, $3::draft_status)`, [id, name, draftStatus]);
const setDraft = (name: string, draftStatus: string) => db.query('update social_profiles set draft_status = $2::draft_status where username = $1', [name, draftStatus]);

test('the stage follows from the furthest of the drafts for the profiles of a prospect', async () => {
  await addProspect();
  await addProfile('ada');
  await addProfile('lovelace');
  expect(await stage()).toBe('reviewed');
  await setDraft('ada', 'pending_review');
  expect(await stage()).toBe('drafted');
  await setDraft('lovelace', 'approved');
  expect(await stage()).toBe('approved');
  await setDraft('ada', 'rejected');
  expect(await stage()).toBe('approved');
  await setDraft('lovelace', 'rejected');
  expect(await stage()).toBe('reviewed');
});

test('the draft of either channel counts, and one does not hide the other', async () => {
  await addProspect('approved');
  await addProfile('ada');
  await setDraft('ada', 'pending_review');
  expect(await stage()).toBe('approved');
  await db.query(`update prospects set draft_status = 'none'`);
  expect(await stage()).toBe('drafted');
});

test('a profile that comes with a draft counts from the start', async () => {
  await addProspect();
  await addProfile('ada', 'approved');
  expect(await stage()).toBe('approved');
});

test('of two who move drafts for one prospect at once neither overlooks the other', async () => {
  await addProspect();
  await addProfile('ada', 'pending_review');
  await addProfile('lovelace', 'pending_review');
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  try {
    await db.query('begin');
    await setDraft('ada', 'approved');
    const rejecting = other.query(`update social_profiles set draft_status = 'rejected' where username = 'lovelace'`);
    await db.query('select pg_sleep(0.1)');
    await db.query('commit');
    await rejecting;
    expect(await stage()).toBe('approved');
  } finally {
    await other.end();
  }
});
