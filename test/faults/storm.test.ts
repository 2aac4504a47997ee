import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildProgram } from '../support/build.ts';
import { checkInvariants, isSound, type Findings } from './storm/checkInvariants.ts';
import { Ledger } from './storm/Ledger.ts';
import { runStorm } from './storm/runStorm.ts';
import { Site } from './storm/Site.ts';

/** One of each sort; `npm run faults` has them all, again and again. */
const kinds = [
  'both workers killed', 'server killed in the middle of an upload', 'PostgreSQL stopped hard and started', 'answers lost, then cut', 'cancel, pause and resume racing',
];

let site: Site;
beforeAll(async () => {
  await buildProgram();
  site = await Site.open();
});
afterAll(() => site.close());

test('whatever is killed, cut or taken away while people work, nothing is lost and nothing done twice', async () => {
  // How soon the service is back is for `npm run faults` to say, on a machine with nothing else to do.
  const report = await runStorm(site, { seed: 1, seconds: 120, rounds: 1, kinds, lateMs: 60_000 });

  expect(report.findings.broken).toEqual([]);
  expect(isSound(report.findings)).toBe(true);
  expect(report.recoveries.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  expect(report.findings.drafts).toBeGreaterThan(0);
  expect(report.findings.mails).toBeGreaterThan(0);
  expect(report.events).toBeGreaterThan(report.subscribers);
}, 300_000);

describe('what is broken on purpose is found', () => {
  /** The findings while the database is as `statements` make it. */
  async function findAfter(statements: string[], ledger = new Ledger()): Promise<Findings> {
    return site.inTransaction(async (query) => {
      for (const statement of statements) await query(statement);
      return checkInvariants(query, site.mail.received, ledger);
    });
  }
  const draftOfJob = `(select d.id from email_drafts d join jobs j on j.id = d.job_id join job_targets t on t.job_id = j.id and t.target_id = d.prospect_id
    where d.status = 'pending_review' and t.outcome = 'done' limit 1)`;
  const withoutTriggers = `set local session_replication_role = replica`;

  test.each<[string, string[], keyof Findings]>([
    ['a draft that is gone', [withoutTriggers, `delete from email_drafts where id = ${draftOfJob}`], 'draftsLost'],
    ['a chunk that nobody gave back', [`update job_chunks set state = 'running', lease_until = now() where ctid = (select ctid from job_chunks where state = 'done' limit 1)`], 'leasesLeft'],
    ['a target without an outcome', [`delete from job_targets where ctid = (select t.ctid from job_targets t join jobs j on j.id = t.job_id where j.job_type = 'draft' limit 1)`], 'targetsUnaccounted'],
    ['a target that was given up', [withoutTriggers, `update job_targets set outcome = 'failed' where ctid = (select t.ctid from job_targets t join jobs j on j.id = t.job_id where j.job_type = 'draft' limit 1)`], 'targetsFailed'],
    ['a job that does not end', [withoutTriggers, `update jobs set finished_at = null, status = 'running' where id = (select id from jobs where job_type = 'draft' limit 1)`], 'jobsNotEnded'],
    ['a mail that nobody received', [withoutTriggers, `update email_messages set message_id = '<nobody@sender.example>' where id = (select id from email_messages where status = 'sent' limit 1)`], 'mailsLost'],
  ])('%s', async (_what, statements, figure) => {
    const findings = await findAfter(statements);

    expect(findings[figure]).toBeGreaterThan(0);
    expect(isSound(findings)).toBe(false);
  });

  test('a doubled draft', async () => {
    const findings = await site.inTransaction(async (query) => {
      const unique = await query<{ name: string }>(`select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'email_drafts'::regclass and i.indisunique and not i.indisprimary`);
      for (const { name } of unique) await query(`drop index "${name}" cascade`);
      await query(withoutTriggers);
      await query(`create temporary table twin on commit drop as select * from email_drafts where id = ${draftOfJob}`);
      await query('update twin set id = gen_random_uuid()');
      await query('insert into email_drafts select * from twin');
      return checkInvariants(query, site.mail.received, new Ledger());
    });

    expect(findings.draftsDoubled).toBe(1);
  });

  test('a mail that came twice', async () => {
    const received = [...site.mail.received, site.mail.received[0]!];

    expect(await checkInvariants((text, values) => site.query(text, values), received, new Ledger())).toMatchObject({ mailsDoubled: 1 });
  });

  test('what was acknowledged and is not there, and one key that started two jobs', async () => {
    const ledger = new Ledger();
    ledger.created.push('https://never.example/');
    ledger.imported.set('a tag of nobody', 3);
    ledger.start('a key', 'one job');
    ledger.start('a key', 'another');

    const { broken } = await findAfter([], ledger);
    expect(broken).toEqual([
      'a tag of nobody: 3 prospects were acknowledged, and 0 are there', '1 prospects that were acknowledged are not there', 'a key: one key started 2 jobs',
      'a key: its job was acknowledged and is not there', 'a key: its job was acknowledged and is not there',
    ]);
  });
});
