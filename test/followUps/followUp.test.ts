import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Channel, SuppressionKind } from '../../src/domain/enums.ts';
import { suppressionHashes } from '../../src/domain/suppressionHash.ts';
import { retryJob } from '../../src/services/retryJob.ts';
import { outreachOf } from '../support/outreach.ts';
import { FollowUpBench, type Contact } from './support.ts';

describe.each([Channel.EMAIL, Channel.SOCIAL])('a follow-up on the %s channel', (channel) => {
  let bench: FollowUpBench;
  beforeAll(async () => {
    bench = await FollowUpBench.open(channel);
    await bench.jobs.startWorker();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.reset());

  const isMail = channel === Channel.EMAIL;

  test('is drafted for whoever has not answered, to the same address, and waits for a person', async () => {
    const { targetId } = await bench.contact();

    const job = await bench.run();

    expect(job).toMatchObject({ job_type: 'follow_up', status: 'succeeded', total_targets: 1, done_count: 1, drafts_created: 1 });
    const [draft, ...more] = await bench.followUps();
    expect(more).toEqual([]);
    expect(draft).toMatchObject({
      target: targetId, body: 'Once more, Prospect 1.', status: 'pending_review', recipient: isMail ? 'p1@example.org' : expect.stringMatching(/^https:\/\/bsky/), job_id: job.id,
    });
    if (isMail) expect(draft!.subject).toBe('Re: First words');
  });

  test('leaves the projection of the first draft as it is', async () => {
    const { targetId } = await bench.contact();
    await bench.jobs.query(`update ${isMail ? 'prospects' : 'social_profiles'} set draft_status = 'sent' where id = $1`, [targetId]);

    await bench.run();

    const [target] = await bench.jobs.query(`select draft_status from ${isMail ? 'prospects' : 'social_profiles'}`);
    expect(target).toEqual({ draft_status: 'sent' });
    expect(await bench.followUps()).toHaveLength(1);
  });

  const change = (statement: string) => (_: FollowUpBench, { prospectId }: Contact) => bench.jobs.query(`update prospects set ${statement} where id = $1`, [prospectId]);
  const another = (status: string, daysAgo = 20) => (_: FollowUpBench, contact: Contact) => bench.sent(contact, { status, daysAgo, isFollowUp: true });

  const reasons: [string, string, (bench: FollowUpBench, contact: Contact) => Promise<unknown>][] = [
    ['has replied', 'REPLIED', change('replied_at = now()')],
    ['has replied to an earlier message', 'REPLIED', another('replied')],
    ['has a message that bounced', 'BOUNCED', another('bounced')],
    ['has complained', 'COMPLAINED', another('complained')],
    ['has a message that is queued', 'MESSAGE_WAITING', another('queued')],
    ['has a message that is being sent', 'MESSAGE_WAITING', another('sending')],
    ['has a message that is deferred', 'MESSAGE_WAITING', another('deferred')],
    ['has a message of which nobody knows what became', 'MESSAGE_WAITING', another('outcome_unknown')],
    ['is excluded', 'EXCLUDED', change('excluded_at = now()')],
    ['is erased', 'EXCLUDED', change('erased_at = now()')],
    ['was written to on this channel yesterday', 'NOT_DUE', another('sent', 1)],
    ['has another address now', 'ADDRESS_CHANGED', (_, { targetId }) =>
      bench.jobs.query(isMail ? `update prospects set email = 'other@example.org' where id = $1` : `update social_profiles set profile_url = 'https://bsky.app/profile/other' where id = $1`, [targetId])],
    ['is suppressed', 'SUPPRESSED', () =>
      bench.jobs.query(`insert into suppressions (id, kind, hash, reason) select gen_random_uuid(), $1, hash, 'manual' from unnest($2::text[]) as hash`, [
        SuppressionKind.DOMAIN, suppressionHashes(bench.jobs.context.outreach.secretKeys, SuppressionKind.DOMAIN, 'example.org'),
      ])],
    ['was followed up as often as allowed', 'FOLLOWED_UP_ENOUGH', async (_, contact) => {
      await bench.sent(contact, { isFollowUp: true, daysAgo: 10 });
      await bench.sent(contact, { isFollowUp: true, daysAgo: 20 });
    }],
    ...(isMail ? ([
      ['has no address', 'NO_ADDRESS', change('email = null')],
      ['must not get cold mail', 'ADDRESS_BLOCKED', change('email_blocked = true')],
    ] as [string, string, ReturnType<typeof change>][]) : []),
  ];

  test.each(reasons)('is not meant for somebody who %s', async (_, code, happen) => {
    await happen(bench, await bench.contact());

    const jobId = await bench.start();

    // Who is suppressed by a hash is seen only when the target is looked at.
    expect(await bench.jobs.job(jobId)).toMatchObject({ total_targets: code === 'SUPPRESSED' ? 1 : 0 });
  });

  test.each(reasons)('is skipped at the moment of drafting when somebody meanwhile %s', async (_, code, happen) => {
    const contact = await bench.contact();
    // The job waits until this has happened.
    await bench.jobs.query(`create function wait_for_it() returns trigger language plpgsql as $$ begin new.status := 'paused'; return new; end $$`);
    await bench.jobs.query(`create trigger wait_for_it before update of status on jobs for each row when (new.status = 'running') execute function wait_for_it()`);
    const jobId = await bench.start();
    try {
      await happen(bench, contact);
    } finally {
      await bench.jobs.query('drop trigger wait_for_it on jobs; drop function wait_for_it()');
    }
    await bench.jobs.query(`update jobs set status = 'running' where id = $1 and status = 'paused'`, [jobId]);

    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', total_targets: 1, skipped_count: 1 });
    expect(await bench.outcomes(jobId)).toEqual([{ outcome: 'skipped', code }]);
    expect(await bench.followUps()).toEqual([]);
  });

  test('waits the days that are asked for, to the hour', async () => {
    await bench.contact({ daysAgo: 3.9 });

    expect(await bench.run()).toMatchObject({ total_targets: 0 });
    expect(await bench.run({ afterDays: 3 })).toMatchObject({ total_targets: 1, done_count: 1 });
  });

  test('of 0 days is due at once', async () => {
    await bench.contact({ daysAgo: 0 });

    expect(await bench.run({ afterDays: 0 })).toMatchObject({ done_count: 1 });
  });

  test.each([-1, 366, 2_147_483_647])('after %d days is INVALID', async (afterDays) => {
    await expect(bench.start({ afterDays })).rejects.toMatchObject({ errors: [{ code: 'INVALID', field: ['input', 'afterDays'] }] });
  });

  test('that does not parse is INVALID, and no job is left', async () => {
    await expect(bench.start({ bodyTemplate: '{% if %}' })).rejects.toMatchObject({ errors: [{ code: 'INVALID', field: ['input', 'bodyTemplate'] }] });
    expect(await bench.jobs.query('select from jobs')).toEqual([]);
  });

  test('is drafted once while one waits, and again after that was sent and not answered', async () => {
    const contact = await bench.contact({ daysAgo: 30 });
    await bench.run();
    expect(await bench.run()).toMatchObject({ total_targets: 0 });

    await bench.jobs.query(`delete from ${isMail ? 'email_drafts' : 'social_drafts'} where is_follow_up`);
    await bench.sent(contact, { isFollowUp: true, daysAgo: 10 });
    expect(await bench.run()).toMatchObject({ total_targets: 1, done_count: 1 });
  });

  test('is drafted once, however many ask at the same time', async () => {
    for (let n = 0; n < 5; n += 1) await bench.contact();
    await bench.jobs.startWorker();

    const jobIds = await Promise.all(Array.from({ length: 6 }, () => bench.start()));
    const jobs = await Promise.all(jobIds.map((id) => bench.ended(id)));

    const drafts = await bench.followUps();
    expect(drafts).toHaveLength(5);
    expect(new Set(drafts.map(({ target }) => target)).size).toBe(5);
    expect(jobs.reduce((sum, job) => sum + job.done_count, 0)).toBe(5);
    expect(jobs.every((job) => job.status === 'succeeded')).toBe(true);
  });

  test('with an idempotencyKey is one job, and another input with that key a CONFLICT', async () => {
    await bench.contact();

    const first = await bench.start({ idempotencyKey: 'once' });

    expect(await bench.start({ idempotencyKey: 'once' })).toBe(first);
    await expect(bench.start({ idempotencyKey: 'once', afterDays: 7 })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  });

  test('is limited by the settings, 0 forbids it', async () => {
    const contact = await bench.contact({ daysAgo: 30 });
    await bench.sent(contact, { isFollowUp: true, daysAgo: 10 });
    await bench.jobs.query(`insert into settings (key, value) values ('followUp', '{"maximum": 1}')`);
    expect(await bench.run()).toMatchObject({ total_targets: 0 });

    await bench.jobs.query(`update settings set value = '{"maximum": 2}'`);
    expect(await bench.run()).toMatchObject({ total_targets: 1 });
  });

  test('has a text of its own unless told, which the settings may replace', async () => {
    await bench.contact();
    await bench.run({ bodyTemplate: null });
    expect((await bench.followUps())[0]!.body).toMatch(/^Hello.*some days ago I wrote to/s);

    await bench.reset();
    await bench.contact();
    await bench.jobs.query('insert into settings (key, value) values ($1, $2)', [`followUp.${channel}`, { body: 'From the settings' }]);
    await bench.run({ bodyTemplate: null });
    expect((await bench.followUps())[0]!.body).toBe('From the settings');
  });

  test('whose template lacks a value fails, and its retry looks at the target again', async () => {
    const { prospectId } = await bench.contact();
    const other = await bench.contact();
    await bench.jobs.query('update prospects set bio_text = null');
    const job = await bench.run({ bodyTemplate: '{{ bioText }}!' });
    expect(job.failure_reasons).toEqual([{ code: 'MISSING_VARIABLE', message: 'bioText has no value.', count: 2 }]);

    await bench.jobs.query(`update prospects set bio_text = 'Makes things'`);
    await bench.jobs.query('update prospects set replied_at = now() where id = $1', [other.prospectId]);
    const retry = await retryJob(bench.jobs.context, { jobId: job.id });

    expect(await bench.ended(retry.jobId)).toMatchObject({ job_type: 'follow_up', status: 'succeeded', total_targets: 2, done_count: 1, skipped_count: 1 });
    expect(await bench.followUps()).toMatchObject([{ body: 'Makes things!' }]);
    expect(prospectId).not.toBe(other.prospectId);
  });
});

describe('the subject of a mail that follows up', () => {
  let bench: FollowUpBench;
  beforeAll(async () => {
    bench = await FollowUpBench.open(Channel.EMAIL);
    await bench.jobs.startWorker();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.reset());

  test.each([
    ['Work', 'Re: Work'],
    ['Re: Work', 'Re: Work'],
    ['RE:Work', 'RE:Work'],
    ['Really?', 'Re: Really?'],
  ])('%s becomes %s', async (subject, expected) => {
    await bench.contact({ subject });

    await bench.run();

    expect(await bench.followUps()).toMatchObject([{ subject: expected }]);
  });

  test("is the first message's, not that of the last follow-up", async () => {
    const contact = await bench.contact({ subject: 'The first', daysAgo: 30 });
    await bench.sent(contact, { subject: 'Something else', isFollowUp: true, daysAgo: 10 });

    await bench.run();

    expect(await bench.followUps()).toMatchObject([{ subject: 'Re: The first' }]);
  });
});

test('with suppressions and no key to compare them with the job fails, and says what to set', async () => {
  const bench = await FollowUpBench.open(Channel.EMAIL);
  try {
    await bench.jobs.startWorker({ outreach: outreachOf({ secretKeys: [] }) });
    await bench.contact();
    await bench.jobs.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'email', 'x', 'manual')`);

    const job = await bench.run();

    expect(job).toMatchObject({ status: 'failed', error: expect.stringContaining('SECRET_KEY') });
    expect(await bench.followUps()).toEqual([]);
  } finally {
    await bench.close();
  }
});
