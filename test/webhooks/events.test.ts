import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { recordVerdicts } from '../../src/app/recordVerdicts.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { giveUp } from '../../src/services/failJob.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { rollUpJob } from '../../src/services/rollUpJob.ts';
import { recordVerdict } from '../../src/services/webhooks/recordVerdict.ts';
import { JobBench } from '../jobs/support.ts';
import { waitFor } from '../support/waitFor.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
  await bench.query('alter table activities disable trigger all');
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query('truncate webhooks cascade');
  await bench.query('truncate activities');
  await bench.query(`insert into webhooks (id, url, events, secret) values (gen_random_uuid(), 'http://127.0.0.1:9/', '{job.finished,schema.broken}', 'a secret of its own')`);
});

const told = () => bench.query(`select event, payload from webhook_deliveries order by id`);

/** A running job whose only chunk is in this state. */
async function runningJob(chunk: 'ready' | 'done', failed = 0): Promise<string> {
  const [job] = await bench.query<{ id: string }>(`insert into jobs (id, job_type, status, total_targets) values (gen_random_uuid(), 'draft', 'running', 3) returning id`);
  await bench.query(`insert into job_chunks (job_id, number, first_ordinal, target_count, state, done_count, failed_count) values ($1, 1, 1, 3, $2, $3, $4)`,
    [job!.id, chunk, chunk === 'done' ? 3 - failed : 0, failed]);
  return job!.id;
}
const finished = (id: string, status: string) => [{ event: 'job.finished', payload: { job: toGlobalId('Job', id), type: 'DRAFT', status } }];
const rollUp = (id: string) => rollUpJob(bench.orm.em.fork(), id);

test.each([['SUCCEEDED', 0], ['COMPLETED_WITH_ERRORS', 1]])('a job that ends as %s is told once, however often it is rolled up', async (status, failed) => {
  const id = await runningJob('done', failed);
  await Promise.all([rollUp(id), rollUp(id), rollUp(id)]);
  await rollUp(id);

  expect(await told()).toEqual(finished(id, status));
});

test('a cancelled job is told when it is cancelled, not while it is being cancelled', async () => {
  const id = await runningJob('ready');
  await cancelJob(bench.context, { jobId: id });

  expect(await told()).toEqual(finished(id, 'CANCELLED'));
});

test('a job that gives up is told', async () => {
  const id = await runningJob('ready');
  await bench.orm.em.fork().transactional((tx) => giveUp(tx.getKysely(), id, { reason: 'because', actor: 'worker' }));

  expect(await told()).toEqual(finished(id, 'FAILED'));
});

test('a job that goes on is told to nobody', async () => {
  await pauseJob(bench.context, { jobId: await runningJob('ready') });

  expect(await told()).toEqual([]);
});

test.each(['alter table webhooks rename to gone', 'alter table webhook_deliveries rename to gone', 'alter table webhook_deliveries rename column payload to gone'])(
  'a job that has ended has ended, whoever cannot hear of it: %s', async (statement) => {
    const [, table, column] = /alter table (\w+) rename (?:column (\w+) )?to gone/.exec(statement)!;
    const id = await runningJob('done');
    await bench.query(statement);
    const state = await rollUp(id).finally(() => bench.query(column ? `alter table ${table} rename column gone to ${column}` : `alter table gone rename to ${table}`));

    expect(state).toMatchObject({ status: 'succeeded', changed: true });
    expect(await told()).toEqual([]);
    const [{ event, payload }] = finished(id, 'SUCCEEDED') as [{ event: string; payload: object }];
    expect(await bench.query(`select action, details from activities where subject_type = 'Webhook'`)).toEqual([{ action: 'event.untold', details: { event, ...payload } }]);
  });

test('a failure of the database that is none of the schema is none of the event alone: the job ends later, and is told then', async () => {
  const id = await runningJob('done');
  await bench.query(`create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$`);
  await bench.query('create trigger refuse before insert on webhook_deliveries execute function refuse()');
  await expect(rollUp(id)).rejects.toThrow('full');
  await bench.query('drop trigger refuse on webhook_deliveries');
  expect(await bench.job(id)).toMatchObject({ status: 'running' });
  await rollUp(id);

  expect(await told()).toEqual(finished(id, 'SUCCEEDED'));
});

const broken = { isBroken: true, missing: ['jobs.drafts_created'] };
const whole = { isBroken: false, missing: [] };
const record = (verdict: { isBroken: boolean; missing: string[] }) => recordVerdict(bench.orm.em.fork(), verdict);

test('a schema that breaks is told once over all processes, and again when it breaks again', async () => {
  await record(whole);
  expect(await told()).toEqual([]);
  await Promise.all([record(broken), record(broken), record(broken)]);
  const once = [{ event: 'schema.broken', payload: { status: 'BROKEN', missing: ['jobs.drafts_created'] } }];
  expect(await told()).toEqual(once);

  await Promise.all([record(whole), record(whole)]);
  await record(broken);
  expect(await told()).toEqual([...once, ...once]);
  expect((await bench.query('select action from activities order by id')).map(({ action }: any) => action)).toEqual(['schema.broken', 'schema.mended', 'schema.broken']);
});

/** A schema health that says what it is told to say. */
function health() {
  let listener = (_: any) => {};
  const monitor = {
    reads: 0,
    report: null as any,
    get latest() {
      monitor.reads += 1;
      return monitor.report;
    },
    get isBroken() {
      return this.report?.status === 'BROKEN';
    },
    onChange(call: (report: any) => void) {
      listener = call;
      return () => {};
    },
    turn(status: string, missing: string[] = []) {
      monitor.report = { status, features: [{ missing }] };
      monitor.reads = 0;
      listener(monitor.report);
    },
  };
  return monitor;
}

test('what the server sees is told as soon as the database can be written to', async () => {
  const monitor = health();
  const warnings: string[] = [];
  const stop = recordVerdicts({ orm: bench.orm, health: monitor, log: { warn: (_, message) => void warnings.push(message) } });
  try {
    await bench.query(`create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$`);
    await bench.query('create trigger refuse before insert on webhook_deliveries execute function refuse()');
    monitor.turn('UNREACHABLE');
    monitor.turn('BROKEN', ['jobs']);
    await waitFor(async () => warnings.length > 0);
    await bench.query('drop trigger refuse on webhook_deliveries');

    await waitFor(async () => (await told()).length === 1);
  } finally {
    stop();
  }
});

test('with the tables gone that it would be written to, it says nothing and breaks nothing', async () => {
  const monitor = health();
  const warnings: string[] = [];
  await bench.query('alter table webhooks rename to gone');
  const stop = recordVerdicts({ orm: bench.orm, health: monitor, log: { warn: (_, message) => void warnings.push(message) } });
  try {
    monitor.turn('BROKEN', ['webhooks']);
    // It looks again once it has tried.
    await waitFor(async () => monitor.reads >= 2);
    expect(warnings).toEqual([]);
    await bench.query('alter table gone rename to webhooks');
    monitor.turn('BROKEN', ['jobs']);
    await waitFor(async () => (await told()).length === 1);
  } finally {
    stop();
  }
});
