import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Channel, DraftStatus, SuppressionKind } from '../../src/domain/enums.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { suppressionHashes } from '../../src/domain/suppressionHash.ts';
import { reviewDrafts, type ReviewDrafts } from '../../src/services/drafts/reviewDrafts.ts';
import { JobBench } from '../jobs/support.ts';
import { activitiesOf, addDraft, addMessage, channels, readDraft, readProjection, refusalOf, type TestDraft } from './support.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

const review = (decision: ReviewDrafts['decision'], drafts: readonly TestDraft[], more: Partial<ReviewDrafts> = {}) =>
  reviewDrafts(bench.context, { decision, drafts: drafts.map(({ id, fingerprint }) => ({ draftId: id, fingerprint })), ...more });

const errorsOf = async (answer: ReturnType<typeof review>) => (await answer).userErrors;

describe.each(channels)('a review of the %s channel', (channel) => {
  it('approves exactly the text that was read, with the projection and an activity', async () => {
    const draft = await addDraft(bench, channel);

    expect(await review('approve', [draft])).toEqual({ changedIds: [draft.id], userErrors: [] });

    expect(await readDraft(bench, draft)).toMatchObject({ status: 'approved', approved_fingerprint: draft.fingerprint });
    expect(await readProjection(bench, draft)).toBe(DraftStatus.APPROVED);
    expect(await activitiesOf(bench, draft)).toMatchObject([{ action: 'draft.approved', from_state: 'pending_review', to_state: 'approved', actor: 'test' }]);
  });

  it('rejects with a reason and reopens without it', async () => {
    const draft = await addDraft(bench, channel);

    await review('reject', [draft], { reason: ' too long ' });
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'rejected', review_reason: 'too long' });
    expect(await readProjection(bench, draft)).toBe(DraftStatus.REJECTED);

    await review('reopen', [draft]);
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review', review_reason: null });
    expect(await readProjection(bench, draft)).toBe(DraftStatus.PENDING_REVIEW);
    expect((await activitiesOf(bench, draft)).map(({ action }) => action)).toEqual(['draft.rejected', 'draft.pending_review']);
  });

  it('reopens what was approved, and the approval is gone', async () => {
    const draft = await addDraft(bench, channel, { status: DraftStatus.APPROVED });
    await review('reopen', [draft]);
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review', approved_fingerprint: null });
  });

  it.each(['queued', 'sending', 'outcome_unknown'])('does not reopen what a message carries that is %s', async (status) => {
    const draft = await addDraft(bench, channel, { status: DraftStatus.APPROVED });
    await addMessage(bench, draft, status);
    expect(await errorsOf(review('reopen', [draft]))).toMatchObject([{ code: 'CONFLICT', target: toGlobalId('Draft', draft.id), field: ['input', 'drafts', '0'] }]);
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'approved' });
  });

  it.each([
    ['approve', DraftStatus.APPROVED], ['approve', DraftStatus.REJECTED], ['approve', DraftStatus.SENT], ['approve', DraftStatus.GENERATING], ['approve', DraftStatus.FAILED],
    ['reject', DraftStatus.APPROVED], ['reject', DraftStatus.REJECTED], ['reject', DraftStatus.SENT], ['reject', DraftStatus.GENERATING], ['reject', DraftStatus.FAILED],
    ['reopen', DraftStatus.PENDING_REVIEW], ['reopen', DraftStatus.SENT], ['reopen', DraftStatus.GENERATING], ['reopen', DraftStatus.FAILED],
  ] as const)('cannot %s what is %s', async (decision, status) => {
    const draft = await addDraft(bench, channel, { status });
    expect(await errorsOf(review(decision, [draft]))).toMatchObject([{ code: 'ILLEGAL_TRANSITION', allowed: expect.any(Array), field: ['input', 'drafts', '0'] }]);
    expect(await readDraft(bench, draft)).toMatchObject({ status });
    expect(await activitiesOf(bench, draft)).toEqual([]);
  });

  it('approves nothing without the fingerprint that was read, and nothing by another one', async () => {
    const draft = await addDraft(bench, channel);
    for (const fingerprint of [null, undefined, '']) {
      expect(await errorsOf(review('approve', [], { drafts: [{ draftId: draft.id, fingerprint }] }))).toMatchObject([{ code: 'INVALID', field: ['input', 'drafts', '0'] }]);
    }
    expect(await errorsOf(review('approve', [{ ...draft, fingerprint: 'other' }]))).toMatchObject([{ code: 'STALE' }]);
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review' });
  });

  it('approves nothing with problems, and names them', async () => {
    const draft = await addDraft(bench, channel, { problems: ['The subject is empty.', 'The text is empty.'] });
    expect(await errorsOf(review('approve', [draft]))).toMatchObject([
      { code: 'INVALID', message: 'The draft has problems. The subject is empty. The text is empty.', target: toGlobalId('Draft', draft.id) },
    ]);
  });

  it('approves nothing for who is excluded or was taken back', async () => {
    const excluded = await addDraft(bench, channel);
    const rejected = await addDraft(bench, channel);
    await bench.query('update prospects set excluded_at = now() where id = $1', [excluded.prospectId]);
    await bench.query(`update prospects set review_status = 'rejected' where id = $1`, [rejected.prospectId]);
    expect(await errorsOf(review('approve', [excluded, rejected]))).toMatchObject([
      { code: 'SUPPRESSED', field: ['input', 'drafts', '0'] }, { code: 'INVALID', field: ['input', 'drafts', '1'] },
    ]);
  });

  it('changes those that it can, in their order, and says why the others stay', async () => {
    const [first, sent, third] = await Promise.all([addDraft(bench, channel), addDraft(bench, channel, { status: DraftStatus.SENT }), addDraft(bench, channel)]);
    const gone = randomUUID();

    const { changedIds, userErrors } = await review('approve', [], {
      drafts: [third, sent, first, { id: gone, fingerprint: 'f' }, third].map(({ id, fingerprint }) => ({ draftId: id, fingerprint })).concat({ draftId: null as never, fingerprint: 'f' }),
    });

    expect(changedIds).toEqual([third.id, first.id]);
    expect(userErrors).toMatchObject([
      { code: 'ILLEGAL_TRANSITION', field: ['input', 'drafts', '1'], target: toGlobalId('Draft', sent.id), allowed: [] },
      { code: 'NOT_FOUND', field: ['input', 'drafts', '3'], target: toGlobalId('Draft', gone) },
      { code: 'INVALID', field: ['input', 'drafts', '4'], target: toGlobalId('Draft', third.id) },
      { code: 'NOT_FOUND', field: ['input', 'drafts', '5'] },
    ]);
  });

  it('lets exactly one of many reviewers win', async () => {
    const draft = await addDraft(bench, channel);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => review(index % 2 ? 'approve' : 'reject', [draft])));
    expect(answers.filter(({ changedIds }) => changedIds.length > 0)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors).every(({ code }) => code === 'ILLEGAL_TRANSITION')).toBe(true);
    expect(await activitiesOf(bench, draft)).toHaveLength(1);
  });
});

it('the stage of a prospect follows what is decided over its draft', async () => {
  const draft = await addDraft(bench, Channel.EMAIL);
  const stage = async () => (await bench.query<{ stage: string }>('select stage from prospects where id = $1', [draft.prospectId]))[0]!.stage;
  const seen = [await stage()];
  for (const decision of ['approve', 'reopen', 'reject', 'reopen'] as const) {
    await review(decision, [draft]);
    seen.push(await stage());
  }
  expect(seen).toEqual(['drafted', 'approved', 'drafted', 'reviewed', 'drafted']);
});

it('both channels are reviewed in one call', async () => {
  const drafts = [await addDraft(bench, Channel.SOCIAL), await addDraft(bench, Channel.EMAIL)];
  expect(await review('approve', drafts)).toEqual({ changedIds: drafts.map(({ id }) => id), userErrors: [] });
});

it('an address that changed since the draft was written is not approved', async () => {
  const [changed, lost, blocked] = [await addDraft(bench, Channel.EMAIL), await addDraft(bench, Channel.EMAIL), await addDraft(bench, Channel.EMAIL)];
  await bench.query(`update prospects set email = 'other@example.org' where id = $1`, [changed.prospectId]);
  await bench.query(`update prospects set email = null where id = $1`, [lost.prospectId]);
  await bench.query(`update prospects set email_blocked = true where id = $1`, [blocked.prospectId]);
  expect((await errorsOf(review('approve', [changed, lost, blocked]))).map(({ code }) => code)).toEqual(['STALE', 'INVALID', 'INVALID']);
});

it.each([[0, 'none'], [101, 'more than 100']])('%s drafts are refused as a whole', async (count) => {
  const draft = await addDraft(bench, Channel.EMAIL);
  const drafts = Array.from({ length: count }, (_, index) => ({ draftId: index === 0 ? draft.id : randomUUID(), fingerprint: draft.fingerprint }));
  expect(await refusalOf(review('approve', [], { drafts }))).toMatchObject({ code: 'INVALID', field: ['input', 'drafts'] });
  expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review' });
});

it.each([['NUL', 'a\0'], ['2,001 characters', 'x'.repeat(2_001)]])('a reason with %s is refused', async (_what, reason) => {
  expect(await refusalOf(review('reject', [await addDraft(bench, Channel.EMAIL)], { reason }))).toMatchObject({ code: 'INVALID', field: ['input', 'reason'] });
});

it('reviewers of the same drafts in other orders do not lock each other out', async () => {
  const drafts = await Promise.all(Array.from({ length: 20 }, (_, index) => addDraft(bench, channels[index % 2]!)));
  const orders = [drafts, drafts.toReversed(), [...drafts.slice(10), ...drafts.slice(0, 10)], drafts];
  const answers = await Promise.all(orders.map((order) => review('approve', order)));
  expect(answers.flatMap(({ changedIds }) => changedIds).sort()).toEqual(drafts.map(({ id }) => id).sort());
});

it('a draft for somebody who is suppressed is not approved', async () => {
  const [email, social] = [await addDraft(bench, Channel.EMAIL), await addDraft(bench, Channel.SOCIAL)];
  const [hash] = suppressionHashes(bench.context.outreach.secretKeys, SuppressionKind.EMAIL, email.recipient);
  await bench.query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), 'email', $1, 'asked')`, [hash]);
  expect(await errorsOf(review('approve', [email, social]))).toMatchObject([{ code: 'SUPPRESSED', field: ['input', 'drafts', '0'] }]);
  expect(await readDraft(bench, social)).toMatchObject({ status: 'approved' });
});
