import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Channel, DraftStatus } from '../../src/domain/enums.ts';
import { draftFingerprint } from '../../src/domain/fingerprint.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { updateDraft, type UpdateDraft } from '../../src/services/drafts/updateDraft.ts';
import { updateProspect } from '../../src/services/updateProspect.ts';
import { JobBench } from '../jobs/support.ts';
import { activitiesOf, addDraft, addMessage, channels, readDraft, readProjection, refusalOf, type TestDraft } from './support.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

const edit = ({ id }: TestDraft, edits: Partial<UpdateDraft>) => updateDraft(bench.context, { draftId: id, version: 1, ...edits });

const versionsOf = ({ id, channel }: TestDraft) =>
  bench.query(`select version, body, fingerprint, replaced_by from ${channel}_draft_versions where draft_id = $1 order by version`, [id]);

describe.each(channels)('an edit of a draft of the %s channel', (channel) => {
  it('keeps the earlier texts, counts the version up, and names the new text by its fingerprint', async () => {
    const draft = await addDraft(bench, channel, { body: 'One' });

    await edit(draft, { body: 'Two' });
    await edit(draft, { version: 2, body: 'Three' });

    const now = await readDraft(bench, draft);
    const fingerprintOf = (body: string) => draftFingerprint({ channel, recipient: draft.recipient, subject: channel === Channel.EMAIL ? 'Hello' : null, body });
    expect(now).toMatchObject({ status: 'pending_review', version: 3, body: 'Three', fingerprint: fingerprintOf('Three'), recipient: draft.recipient });
    expect(await versionsOf(draft)).toEqual([
      { version: 1, body: 'One', fingerprint: draft.fingerprint, replaced_by: 'test' },
      { version: 2, body: 'Two', fingerprint: fingerprintOf('Two'), replaced_by: 'test' },
    ]);
    expect(await activitiesOf(bench, draft)).toEqual([2, 3].map((version) => ({
      actor: 'test', action: 'draft.edited', from_state: 'pending_review', to_state: 'pending_review', details: { version },
    })));
  });

  it.each([DraftStatus.APPROVED, DraftStatus.REJECTED])('takes it back to a review when it was %s', async (status) => {
    const draft = await addDraft(bench, channel, { status });

    await edit(draft, { body: 'Another text' });

    expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review', approved_fingerprint: null, review_reason: null, version: 2 });
    expect(await readProjection(bench, draft)).toBe(DraftStatus.PENDING_REVIEW);
    expect(await activitiesOf(bench, draft)).toMatchObject([{ action: 'draft.edited', from_state: status, to_state: 'pending_review' }]);
  });

  it.each([DraftStatus.GENERATING, DraftStatus.FAILED, DraftStatus.SENT])('is refused while it is %s', async (status) => {
    const draft = await addDraft(bench, channel, { status });

    const refusal = await refusalOf(edit(draft, { body: 'Another text' }));

    expect(refusal).toMatchObject({ code: 'ILLEGAL_TRANSITION', field: ['input', 'id'], target: toGlobalId('Draft', draft.id) });
    expect(refusal.message).toContain('cannot be changed');
    expect(await versionsOf(draft)).toEqual([]);
  });

  it('of another version than the present one is STALE, tells the present one and changes nothing', async () => {
    const draft = await addDraft(bench, channel);
    await edit(draft, { body: 'Two' });
    const before = await readDraft(bench, draft);

    for (const version of [0, 1, 3, -1]) {
      const refusal = await refusalOf(edit(draft, { version, body: 'Mine' }));
      expect(refusal).toMatchObject({ code: 'STALE', field: ['input', 'version'], target: toGlobalId('Draft', draft.id) });
      expect(refusal.message).toContain('version 2 now');
    }
    expect(await readDraft(bench, draft)).toEqual(before);
    expect(await versionsOf(draft)).toHaveLength(1);
  });

  it('that changes nothing changes nothing: the approval stays', async () => {
    const draft = await addDraft(bench, channel, { body: 'One\nTwo', status: DraftStatus.APPROVED });
    const before = await readDraft(bench, draft);

    await edit(draft, {});
    await edit(draft, { body: 'One\r\nTwo' });

    expect(await readDraft(bench, draft)).toEqual(before);
    expect(await activitiesOf(bench, draft)).toEqual([]);
  });

  it.each([['queued', 'cancel it first'], ['deferred', 'cancel it first'], ['sending', 'wait'], ['outcome_unknown', 'whether it arrived']])(
    'is refused while a message with the approved text is %s', async (status, advice) => {
      const draft = await addDraft(bench, channel, { status: DraftStatus.APPROVED });
      const message = await addMessage(bench, draft, status);

      const refusal = await refusalOf(edit(draft, { body: 'Another text' }));

      expect(refusal).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(advice), target: toGlobalId('Message', message) });
      expect(await readDraft(bench, draft)).toMatchObject({ status: 'approved', version: 1 });
    });

  it.each(['cancelled', 'failed'])('is possible again once its message is %s', async (status) => {
    const draft = await addDraft(bench, channel, { status: DraftStatus.APPROVED });
    await addMessage(bench, draft, status);
    await edit(draft, { body: 'Another text' });
    expect(await readDraft(bench, draft)).toMatchObject({ status: 'pending_review', version: 2 });
  });

  it('tells the problems of the new text', async () => {
    const draft = await addDraft(bench, channel, { problems: ['The text is empty.'] });
    await edit(draft, { body: 'Dear {{ name }}, see https:///nowhere' });
    expect((await readDraft(bench, draft)).problems).toEqual(['The variable {{ name }} was not replaced.', 'The link https:///nowhere leads nowhere.']);
    await edit(draft, { version: 2, body: 'Dear Ada, see https://example.org/' });
    expect((await readDraft(bench, draft)).problems).toEqual([]);
  });

  it.each([['NUL', 'a\0b'], ['half a surrogate pair', 'a\ud800'], ['100,001 characters', 'x'.repeat(100_001)]])('refuses a text with %s', async (_what, body) => {
    const draft = await addDraft(bench, channel);
    expect(await refusalOf(edit(draft, { body }))).toMatchObject({ code: 'INVALID', field: ['input', 'body'] });
    expect(await readDraft(bench, draft)).toMatchObject({ version: 1 });
  });

  it('of one that does not exist is NOT_FOUND', async () => {
    const draft = await addDraft(bench, channel);
    await bench.query(`delete from ${channel}_drafts where id = $1`, [draft.id]);
    expect(await refusalOf(edit(draft, { body: 'x' }))).toMatchObject({ code: 'NOT_FOUND', field: ['input', 'id'] });
  });

  it('of many at once lets exactly one win; the others are STALE', async () => {
    const draft = await addDraft(bench, channel);
    const edits = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => edit(draft, { body: `Text ${index}` })));
    const lost = edits.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(7);
    expect(lost.every(({ reason }) => reason.errors[0].code === 'STALE')).toBe(true);
    expect((await readDraft(bench, draft)).version).toBe(2);
    expect(await versionsOf(draft)).toHaveLength(1);
  });
});

describe('an edit of an e-mail', () => {
  it('changes the subject, on one line, and its projection', async () => {
    const draft = await addDraft(bench, Channel.EMAIL);
    await edit(draft, { subject: ' For\r\nBcc: all@example.org ', body: 'Text' });
    expect(await readDraft(bench, draft)).toMatchObject({ subject: 'For Bcc: all@example.org', body: 'Text' });
    expect(await bench.query('select draft_subject, draft_body, draft_status, stage from prospects where id = $1', [draft.prospectId])).toEqual([
      { draft_subject: 'For Bcc: all@example.org', draft_body: 'Text', draft_status: 'pending_review', stage: 'drafted' },
    ]);
  });

  it('may empty the subject, which is a problem then', async () => {
    const draft = await addDraft(bench, Channel.EMAIL);
    await edit(draft, { subject: ' ' });
    expect(await readDraft(bench, draft)).toMatchObject({ subject: '', problems: ['The subject is empty.'] });
  });

  it('refuses a subject of 1,001 characters', async () => {
    const draft = await addDraft(bench, Channel.EMAIL);
    expect(await refusalOf(edit(draft, { subject: 'x'.repeat(1_001) }))).toMatchObject({ code: 'INVALID', field: ['input', 'subject'] });
  });

  it('addresses it anew where the prospect has another address now, even when the text stays', async () => {
    const draft = await addDraft(bench, Channel.EMAIL, { status: DraftStatus.APPROVED });
    await bench.query(`update prospects set email = 'new@example.org' where id = $1`, [draft.prospectId]);

    await edit(draft, {});

    const now = await readDraft(bench, draft);
    expect(now).toMatchObject({ recipient: 'new@example.org', status: 'pending_review', version: 2 });
    expect(now.fingerprint).not.toBe(draft.fingerprint);
  });

  it('of a follow-up leaves the projection to the first draft', async () => {
    const first = await addDraft(bench, Channel.EMAIL, { status: DraftStatus.SENT });
    const second = await addDraft(bench, Channel.EMAIL, { of: first, isFollowUp: true });
    await edit(second, { body: 'Did you read it?' });
    expect(await readDraft(bench, second)).toMatchObject({ body: 'Did you read it?', version: 2 });
    expect(await readProjection(bench, first)).toBe(DraftStatus.SENT);
  });
});

describe('another address of the prospect', () => {
  const move = async ({ prospectId }: TestDraft, email: string | null) => {
    const [{ at }] = (await bench.query<{ at: Date }>('select updated_at as at from prospects where id = $1', [prospectId])) as [{ at: Date }];
    await updateProspect(bench.context, { prospectId, updatedAt: at, email });
  };

  it.each([DraftStatus.PENDING_REVIEW, DraftStatus.APPROVED])('addresses a draft that is %s anew, which takes an approval back', async (status) => {
    const draft = await addDraft(bench, Channel.EMAIL, { status });
    await move(draft, `new.${draft.recipient}`);
    const now = await readDraft(bench, draft);
    expect(now).toMatchObject({ recipient: `new.${draft.recipient}`, status: 'pending_review', version: 2, approved_fingerprint: null });
    expect(now.fingerprint).toBe(draftFingerprint({ channel: Channel.EMAIL, recipient: now.recipient, subject: now.subject, body: now.body }));
    expect(await activitiesOf(bench, draft)).toMatchObject([{ action: 'draft.readdressed', from_state: status, to_state: 'pending_review' }]);
    expect(await versionsOf(draft)).toHaveLength(1);
  });

  it('that is none leaves an approved draft without an approval', async () => {
    const draft = await addDraft(bench, Channel.EMAIL, { status: DraftStatus.APPROVED });
    await move(draft, null);
    expect(await readDraft(bench, draft)).toMatchObject({ recipient: null, status: 'pending_review' });
  });

  it.each([DraftStatus.REJECTED, DraftStatus.SENT])('leaves a draft alone that is %s', async (status) => {
    const draft = await addDraft(bench, Channel.EMAIL, { status });
    const before = await readDraft(bench, draft);
    await move(draft, `new.${draft.recipient}`);
    expect(await readDraft(bench, draft)).toEqual(before);
  });

  it('leaves a draft alone that a message carries, and one whose prospect keeps the address', async () => {
    const [carried, kept] = [await addDraft(bench, Channel.EMAIL, { status: DraftStatus.APPROVED }), await addDraft(bench, Channel.EMAIL)];
    await addMessage(bench, carried, 'queued');
    await move(carried, `new.${carried.recipient}`);
    await move(kept, kept.recipient);
    expect(await readDraft(bench, carried)).toMatchObject({ recipient: carried.recipient, status: 'approved', version: 1 });
    expect(await readDraft(bench, kept)).toMatchObject({ version: 1 });
  });
});

it('nothing is written to a draft for somebody who must not be contacted', async () => {
  const draft = await addDraft(bench, Channel.EMAIL);
  await bench.query('update prospects set excluded_at = now() where id = $1', [draft.prospectId]);
  expect(await refusalOf(edit(draft, { body: 'Another text' }))).toMatchObject({ code: 'SUPPRESSED', target: toGlobalId('Draft', draft.id) });
});

it('the social channel has no subject', async () => {
  const draft = await addDraft(bench, Channel.SOCIAL);
  expect(await refusalOf(edit(draft, { subject: 'Hello' }))).toMatchObject({ code: 'INVALID', field: ['input', 'subject'] });
});

it('an edit of a rejected draft beside an open one is refused', async () => {
  const old = await addDraft(bench, Channel.EMAIL, { status: DraftStatus.REJECTED });
  await addDraft(bench, Channel.EMAIL, { of: old });
  expect(await refusalOf(edit(old, { body: 'Again' }))).toMatchObject({ code: 'CONFLICT' });
  expect(await readDraft(bench, old)).toMatchObject({ status: 'rejected', version: 1 });
  expect(await versionsOf(old)).toEqual([]);
});

it('without the tables of the social channel e-mails are edited all the same', async () => {
  const draft = await addDraft(bench, Channel.EMAIL);
  await bench.query('alter table social_drafts rename to social_drafts_gone');
  try {
    await edit(draft, { body: 'Two' });
    expect(await readDraft(bench, draft)).toMatchObject({ version: 2 });
  } finally {
    await bench.query('alter table social_drafts_gone rename to social_drafts');
  }
});
