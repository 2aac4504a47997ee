import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { reviewProspects } from '../../src/services/reviewProspects.ts';
import { updateProspect } from '../../src/services/updateProspect.ts';
import { header, ImportBench } from '../import/support.ts';
import { waitFor } from '../support/waitFor.ts';

/** What two do to the same rows at the same moment: each as if it had come after the other. */

let bench: ImportBench;
let other: pg.Client;
beforeAll(async () => {
  bench = await ImportBench.open();
  other = new pg.Client({ connectionString: bench.database.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await bench.close();
});
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

/** When so many statements wait for somebody's lock. */
const waiting = (count: number) =>
  waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length === count);

const add = (...names: string[]) => bench.import(`${header}\n${names.map((name) => `social,github,,${name},${name},,,,\n`).join('')}`);
interface Row {
  id: string;
  name: string;
  at: Date;
  review: string;
}

const prospects = () => bench.query<Row>('select id, display_name as name, updated_at as at, review_status as review from prospects order by id');

test('a prospect that is deleted while a file names it does not break the import', async () => {
  await add('ada');
  await bench.query('delete from social_profiles');
  await other.query('begin; delete from prospects');
  const again = add('ada', 'bob');
  await waiting(1);
  await other.query('commit');
  expect(await again).toMatchObject({ status: 'succeeded', processed: 2 });
  expect((await prospects()).map(({ name }) => name)).toEqual(['bob']);
});

test('whoever gives a prospect the address that another one is given at the same moment is told of that one', async () => {
  await add('ada', 'bob');
  const [ada, bob] = (await prospects()) as [Row, Row];
  await other.query('begin');
  await other.query(`update prospects set canonical_key = 'carol.example', updated_at = updated_at where id = $1`, [bob.id]);
  const changed = updateProspect(bench.context(), { prospectId: ada.id, updatedAt: ada.at, profileUrl: 'https://carol.example/' });
  await waiting(1);
  await other.query('commit');
  expect(await changed).toMatchObject({ prospectId: bob.id, userErrors: [{ code: 'CONFLICT' }] });
});

test('a decision that meets a deadlock is taken when the other one is done', async () => {
  await add('ada', 'bob');
  const [ada, bob] = (await prospects()) as [Row, Row];
  await other.query('begin');
  await other.query('select from prospects where id = $1 for update', [bob.id]);
  const decided = reviewProspects(bench.context(), { prospectIds: [ada.id, bob.id], decision: 'approve' });
  decided.catch(() => {});
  await waiting(1);
  await other.query('select from prospects where id = $1 for update', [ada.id]);
  await other.query('commit');
  expect(await decided).toMatchObject({ changedCount: 2, userErrors: [] });
  expect((await prospects()).map(({ review }) => review)).toEqual(['approved', 'approved']);
});
