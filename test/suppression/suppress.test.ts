import { Role } from '../../src/domain/enums.ts';
import { Platform, SourceType } from '../../src/domain/enums.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { createProspect } from '../../src/services/createProspect.ts';
import { importRecords } from '../../src/services/importRecords.ts';
import { suppress } from '../../src/services/suppression/suppress.ts';
import { unsuppress } from '../../src/services/suppression/unsuppress.ts';
import { updateProspect } from '../../src/services/updateProspect.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { OutreachBench } from './support.ts';

let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, activities, email_messages, suppressions cascade'));

const context = (secretKeys: string[] = ['the first key of the tests']): ServiceContext => ({
  ...bench.bench.context(),
  actor: { name: 'ada', role: Role.ADMIN },
  outreach: outreachOf({ secretKeys }),
});
const csv = async (text: string, of = context()) => {
  const source = (async function* () {
    yield Buffer.from(text);
  })();
  await importRecords(of, source, { format: 'csv', mapping: {}, dryRun: false, digest: null });
};
const stages = () => bench.query(`select display_name, stage from prospects order by display_name`).then((rows) => Object.fromEntries(rows.map((row) => [row.display_name, row.stage])));

describe('suppressing an address', () => {
  test('excludes its prospect at once and cancels what waits on both channels', async () => {
    const id = await bench.prospect('grace');
    const other = await bench.prospect('linus');
    await bench.email(id, 'sent');
    await bench.email(id, 'queued', { followUp: true });
    await bench.social(id, 'deferred');
    await bench.email(other, 'queued');
    const { excludedCount } = await suppress(context(), { email: 'Grace@GRACE.example' });
    expect(excludedCount).toBe(1);
    expect(await bench.stageOf(id)).toBe('excluded');
    expect((await bench.messages(id)).map(({ status }) => status).sort()).toEqual(['cancelled', 'cancelled', 'sent']);
    expect((await bench.messages(other)).map(({ status }) => status)).toEqual(['queued']);
    expect(await bench.query(`select action, actor, from_state, to_state, details from activities order by action`)).toEqual([
      { action: 'message.cancelled', actor: 'ada', from_state: 'queued', to_state: 'cancelled', details: { reason: 'suppressed' } },
      { action: 'message.cancelled', actor: 'ada', from_state: 'deferred', to_state: 'cancelled', details: { reason: 'suppressed' } },
      { action: 'prospect.excluded', actor: 'ada', from_state: 'reviewed', to_state: 'excluded', details: { reason: 'suppressed' } },
    ].sort((a, b) => a.action.localeCompare(b.action)));
  });

  test('ends the chunk of the job that would have sent it, as skipped', async () => {
    const id = await bench.prospect('grace');
    const message = await bench.email(id, 'queued');
    const job = await bench.sendJob(message);
    await suppress(context(), { email: 'grace@grace.example' });
    expect(await bench.query('select state, skipped_count, outcome_counts from job_chunks where job_id = $1', [job])).toEqual([
      { state: 'done', skipped_count: 1, outcome_counts: { skipped: 1 } },
    ]);
    expect(await bench.query('select target_id, outcome, code from job_targets')).toEqual([{ target_id: id, outcome: 'skipped', code: 'CANCELLED' }]);
  });

  test('leaves a message that is being sent to its sender', async () => {
    const id = await bench.prospect('grace');
    const message = await bench.email(id, 'queued');
    await bench.query(`update email_messages set status = 'sending' where id = $1`, [message]);
    await suppress(context(), { email: 'grace@grace.example' });
    expect((await bench.messages(id))[0]).toMatchObject({ status: 'sending' });
  });

  test('keeps a hash, never the address', async () => {
    await suppress(context(), { email: 'grace@grace.example', reason: 'asked on the phone' });
    const [row] = await bench.query('select * from suppressions');
    expect(row).toMatchObject({ kind: 'email', reason: 'asked on the phone', created_by: 'ada', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(row)).not.toContain('grace');
  });

  test('twice is once', async () => {
    const first = await suppress(context(), { email: 'grace@grace.example' });
    const second = await suppress(context(), { email: 'grace@grace.example' });
    expect(second.suppressionIds).toEqual(first.suppressionIds);
  });

  test('written with an old key, holds with a new one before it, and is not written again', async () => {
    await suppress(context(['the old key of the tests']), { email: 'grace@grace.example' });
    const rotated = context(['the new key of the tests', 'the old key of the tests']);
    await suppress(rotated, { email: 'grace@grace.example' });
    expect(await bench.query('select from suppressions')).toHaveLength(1);
    await csv('display_name,email\nGrace,grace@grace.example\n', rotated);
    expect(await stages()).toEqual({ Grace: 'excluded' });
  });

  test('without SECRET_KEY answers NOT_CONFIGURED and writes nothing', async () => {
    await expect(suppress(context([]), { email: 'a@b.example' })).rejects.toMatchObject({ errors: [{ code: 'NOT_CONFIGURED', message: expect.stringContaining('SECRET_KEY') }] });
    expect(await bench.query('select from suppressions')).toEqual([]);
  });
});

describe('suppressing a domain', () => {
  test('covers the addresses below it and the websites on it, and no look-alikes', async () => {
    await bench.prospect('a', { email: 'a@example.org' });
    await bench.prospect('b', { email: 'b@deep.mail.example.org' });
    await bench.prospect('c', { email: 'c@notexample.org' });
    await bench.prospect('d', { email: 'example.org@else.example' });
    await bench.prospect('e', { email: null, profile_url: 'blog.example.org/team' });
    await bench.prospect('f', { email: null, profile_url: 'else.example/example.org' });
    await suppress(context(), { domain: 'Example.ORG' });
    const excluded = Object.entries(await stages()).filter(([, stage]) => stage === 'excluded').map(([name]) => name);
    expect(excluded).toEqual(['a', 'b', 'e']);
  });

  test.each(['org', 'co.uk', 'not a domain', 'localhost', 'a@b.example', '%.example'])('refuses %j', async (domain) => {
    await expect(suppress(context(), { domain })).rejects.toMatchObject({ errors: [{ code: 'INVALID', field: ['input', 'domain'] }] });
  });
});

describe('suppressing somebody else', () => {
  test('by handle excludes whose handle it is, however it is written', async () => {
    const id = await bench.prospect('grace', { email: null });
    await suppress(context(), { handle: '@Grace', platform: Platform.GITHUB });
    expect(await bench.stageOf(id)).toBe('excluded');
  });

  test('by prospect holds for its address, its handle and its page, whichever comes in again', async () => {
    const id = await bench.prospect('grace');
    await suppress(context(), { prospectId: id });
    await bench.query('truncate prospects cascade');
    await csv('source_type,source_platform,display_name,email,profile_url,username\nwebsite,,Mail,grace@grace.example,https://other.example,\nwebsite,,Page,,https://www.grace.example/,\nsocial,github,Handle,,,GRACE\nwebsite,,Other,,https://else.example,\n');
    expect(await stages()).toEqual({ Mail: 'excluded', Page: 'excluded', Handle: 'excluded', Other: 'discovered' });
  });

  test.each([
    ['nobody', {}],
    ['two at once', { email: 'a@b.example', domain: 'b.example' }],
    ['what is no address', { email: 'nobody' }],
    ['a handle without its platform', { handle: 'grace' }],
    ['a handle where there are none', { handle: 'grace', platform: Platform.WEBSITE }],
    ['a reason that cannot be kept', { email: 'a@b.example', reason: 'a\0b' }],
  ])('refuses %s', async (_, input) => {
    await expect(suppress(context(), input)).rejects.toMatchObject({ errors: [{ code: 'INVALID' }] });
  });
});

describe('whoever comes in later', () => {
  beforeEach(() => suppress(context(), { domain: 'grace.example' }));

  test('created by hand, is excluded from the start', async () => {
    const { prospectId } = await createProspect(context(), { sourceType: SourceType.WEBSITE, sourcePlatform: Platform.WEBSITE, displayName: 'G', email: 'x@grace.example' });
    expect(await bench.stageOf(prospectId)).toBe('excluded');
  });

  test('with a new address that is suppressed, is excluded, and what waits for it is cancelled', async () => {
    const id = await bench.prospect('linus');
    await bench.email(id, 'queued');
    const { updated_at } = (await bench.query('select updated_at from prospects where id = $1', [id]))[0]!;
    await updateProspect(context(), { prospectId: id, updatedAt: new Date(updated_at), email: 'x@grace.example' });
    expect(await bench.stageOf(id)).toBe('excluded');
    expect((await bench.messages(id)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  test('imported with a new address that is suppressed, is excluded', async () => {
    await csv('display_name,email,profile_url\nLinus,linus@linus.example,https://linus.example\n');
    await csv('display_name,email,profile_url\nLinus,linus@grace.example,https://linus.example\n');
    expect(await stages()).toEqual({ Linus: 'excluded' });
  });

  test('imported at the same moment, is excluded', async () => {
    await bench.query('truncate suppressions');
    const rows = Array.from({ length: 3000 }, (_, n) => `P${n},p${n}@racing.example,https://p${n}.example`);
    const importing = csv(`display_name,email,profile_url\n${rows.join('\n')}\n`);
    await waitFor(() => bench.query('select from prospects').then(({ length }) => length > 0));
    await suppress(context(), { domain: 'racing.example' });
    await importing;
    expect(await bench.query(`select count(*)::int as n from prospects where excluded_at is null`)).toEqual([{ n: 0 }]);
  });

  test('while SECRET_KEY is gone, is not let in as if nobody were suppressed', async () => {
    await expect(csv('display_name,email\nG,x@grace.example\n', context([]))).rejects.toMatchObject({ errors: [{ code: 'NOT_CONFIGURED' }] });
    expect(await stages()).toEqual({});
  });
});

describe('taking a suppression back', () => {
  test('lets the prospect be contacted again, and leaves what was cancelled cancelled', async () => {
    const id = await bench.prospect('grace');
    await bench.email(id, 'queued');
    await suppress(context(), { email: 'grace@grace.example' });
    expect(await unsuppress(context(), { email: 'grace@grace.example' })).toEqual({ readmittedCount: 1 });
    expect(await bench.stageOf(id)).toBe('reviewed');
    expect((await bench.messages(id)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  test('does not readmit whom another one suppresses', async () => {
    const id = await bench.prospect('grace');
    await suppress(context(), { email: 'grace@grace.example' });
    await suppress(context(), { handle: 'grace', platform: Platform.GITHUB });
    expect(await unsuppress(context(), { email: 'grace@grace.example' })).toEqual({ readmittedCount: 0 });
    expect(await bench.stageOf(id)).toBe('excluded');
  });

  test('is no work of an import', async () => {
    const id = await bench.prospect('grace');
    await suppress(context(), { prospectId: id });
    await csv('display_name,email,profile_url\nGrace Again,grace@grace.example,https://grace.example\n');
    expect(await stages()).toEqual({ 'Grace Again': 'excluded' });
  });

  test('answers NOT_FOUND for what is not suppressed', async () => {
    await expect(unsuppress(context(), { email: 'a@b.example' })).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });
});
