import { Client } from 'pg';
import { DraftStatus, JobStatus, MessageStatus, ReviewStatus } from '../../src/domain/enums.ts';
import { draftTransitions, jobTransitions, messageTransitions, reviewTransitions } from '../../src/domain/transitions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

type Table = Record<string, readonly string[]>;

const pairs = (table: Table): string[] =>
  Object.entries(table).flatMap(([from, next]) => next.map((to) => `${from}>${to}`)).sort();

const everyPair = (states: readonly string[]): [string, string][] =>
  states.flatMap((from) => states.filter((to) => to !== from).map((to): [string, string] => [from, to]));

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe.each<[string, string, Table]>([
  ['prospects', 'review_status', reviewTransitions],
  ['email_drafts', 'status', draftTransitions],
  ['social_drafts', 'status', draftTransitions],
  ['email_messages', 'status', messageTransitions],
  ['social_messages', 'status', messageTransitions],
  ['jobs', 'status', jobTransitions],
])('the trigger on %s.%s', (table, column, transitions) => {
  it('allows exactly what the code allows', async () => {
    const { rows } = await client.query<{ arguments: string }>(
      `select encode(tgargs, 'escape') as arguments from pg_trigger where tgname = $1 and tgrelid = $2::regclass`,
      [`${table}_transition`, table],
    );
    const [watched, allowed] = rows[0]?.arguments.split('\\000') ?? [];
    expect(watched).toBe(column);
    expect(allowed?.split(' ').sort()).toEqual(pairs(transitions));
  });
});

describe('a hand-written UPDATE', () => {
  const insertJob = async (status: string): Promise<string> => {
    const terminal = jobTransitions[status as JobStatus].length === 0;
    const { rows } = await client.query<{ id: string }>(
      `insert into jobs (id, job_type, status, finished_at) values (gen_random_uuid(), 'draft', $1, case when $2 then now() end) returning id`,
      [status, terminal],
    );
    return rows[0]!.id;
  };
  const insertProspect = async (status: string): Promise<string> => {
    const { rows } = await client.query<{ id: string }>(
      `insert into prospects (id, canonical_key, display_name, review_status)
       values (gen_random_uuid(), gen_random_uuid()::text, 'P', $1) returning id`,
      [status],
    );
    return rows[0]!.id;
  };

  it.each(everyPair(Object.values(JobStatus)))('takes a job from %s to %s only along the table', async (from, to) => {
    const id = await insertJob(from);
    const terminal = jobTransitions[to as JobStatus].length === 0;
    const update = client.query(`update jobs set status = $2, finished_at = case when $3 then now() end where id = $1`, [id, to, terminal]);
    if (jobTransitions[from as JobStatus].includes(to as JobStatus)) {
      expect((await update).rowCount).toBe(1);
    } else {
      await expect(update).rejects.toMatchObject({ code: '23514', message: `jobs.status cannot go from ${from} to ${to}` });
    }
  });

  it.each(everyPair(Object.values(ReviewStatus)))('takes a review from %s to %s only along the table', async (from, to) => {
    const id = await insertProspect(from);
    const update = client.query(`update prospects set review_status = $2 where id = $1`, [id, to]);
    if (reviewTransitions[from as ReviewStatus].includes(to as ReviewStatus)) {
      expect((await update).rowCount).toBe(1);
    } else {
      await expect(update).rejects.toMatchObject({ code: '23514' });
    }
  });

  it('cannot change or delete an activity', async () => {
    await client.query(`insert into activities (id, actor, action, subject_type, subject_id) values (gen_random_uuid(), 'a', 'b', 'Job', gen_random_uuid())`);
    await expect(client.query(`update activities set actor = 'c'`)).rejects.toThrow('append-only');
    await expect(client.query(`delete from activities`)).rejects.toThrow('append-only');
  });

  it('makes updated_at rise even within one millisecond', async () => {
    const id = await insertProspect('pending');
    const read = async () => (await client.query<{ at: Date }>(`select updated_at as at from prospects where id = $1`, [id])).rows[0]!.at.getTime();
    const first = await read();
    await client.query('begin');
    await client.query(`update prospects set bio_text = 'a' where id = $1`, [id]);
    await client.query(`update prospects set bio_text = 'b' where id = $1`, [id]);
    await client.query('commit');
    expect(await read()).toBeGreaterThanOrEqual(first + 2);
  });
});

describe('the tables of states', () => {
  it.each<[string, Table, readonly string[]]>([
    ['draft', draftTransitions, Object.values(DraftStatus).filter((status) => status !== DraftStatus.NONE)],
    ['message', messageTransitions, Object.values(MessageStatus)],
    ['job', jobTransitions, Object.values(JobStatus)],
    ['review', reviewTransitions, Object.values(ReviewStatus)],
  ])('name every state of a %s', (_name, table, states) => {
    expect(Object.keys(table).sort()).toEqual([...states].sort());
  });
});
