import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Channel, DraftStatus } from '../../src/domain/enums.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { draftTransitions } from '../../src/domain/transitions.ts';
import type { DraftState } from '../../src/services/drafts/lockDrafts.ts';
import { transitionDraft } from '../../src/services/drafts/transitionDraft.ts';
import { JobBench } from '../jobs/support.ts';
import { activitiesOf, addDraft, channels, readDraft, readProjection, refusalOf, type TestDraft } from './support.ts';

const states = Object.keys(draftTransitions) as DraftState[];
const pairs = channels.flatMap((channel) => states.flatMap((from) => states.map((to): [Channel, DraftState, DraftState] => [channel, from, to])));
const legal = pairs.filter(([, from, to]) => draftTransitions[from].includes(to));
const illegal = pairs.filter(([, from, to]) => !draftTransitions[from].includes(to));

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

const move = ({ id, channel }: TestDraft, to: DraftState) =>
  bench.orm.em.fork().transactional((tx) => transitionDraft(tx.getKysely<any>(), channel, id, to, { actor: 'ada' }));

/** As by hand: with the approval that its check asks for. */
const update = ({ id, channel }: TestDraft, to: DraftState) =>
  bench.query(`update ${channel}_drafts set status = $2, approved_fingerprint = fingerprint where id = $1`, [id, to]);

it('there are legal and illegal pairs of every state', () => {
  expect(legal).toHaveLength(2 * 8);
  expect(illegal).toHaveLength(2 * (36 - 8));
});

describe('the service', () => {
  it.each(legal)('takes a draft of the %s channel from %s to %s, with an activity and the projection', async (channel, from, to) => {
    const draft = await addDraft(bench, channel, { status: from });

    await move(draft, to);

    expect(await readDraft(bench, draft)).toMatchObject({
      status: to,
      version: 1,
      approved_fingerprint: to === DraftStatus.APPROVED || to === DraftStatus.SENT ? draft.fingerprint : null,
    });
    expect(await readProjection(bench, draft)).toBe(to);
    expect(await activitiesOf(bench, draft)).toEqual([{ actor: 'ada', action: `draft.${to}`, from_state: from, to_state: to, details: { version: 1 } }]);
  });

  it.each(illegal)('refuses to take a draft of the %s channel from %s to %s, and says what is allowed', async (channel, from, to) => {
    const draft = await addDraft(bench, channel, { status: from });
    const before = await readDraft(bench, draft);

    const refusal = await refusalOf(move(draft, to));

    expect(refusal).toMatchObject({ code: 'ILLEGAL_TRANSITION', target: toGlobalId('Draft', draft.id), allowed: draftTransitions[from].map((state) => state.toUpperCase()) });
    expect(refusal.message).toContain(`is ${from.toUpperCase()} and cannot become ${to.toUpperCase()}`);
    expect(await readDraft(bench, draft)).toEqual(before);
    expect(await activitiesOf(bench, draft)).toEqual([]);
  });

  it('follows up without touching the projection, which is of the first draft', async () => {
    const first = await addDraft(bench, Channel.EMAIL, { status: DraftStatus.SENT });
    const second = await addDraft(bench, Channel.EMAIL, { of: first, isFollowUp: true });

    await move(second, DraftStatus.REJECTED);

    expect(await readProjection(bench, first)).toBe(DraftStatus.SENT);
  });

  it.each(channels)('reopens no rejected draft of the %s channel beside one that is open', async (channel) => {
    const old = await addDraft(bench, channel, { status: DraftStatus.REJECTED });
    const open = await addDraft(bench, channel, { of: old });

    expect(await refusalOf(move(old, DraftStatus.PENDING_REVIEW))).toMatchObject({ code: 'CONFLICT', target: toGlobalId('Draft', open.id) });
    expect(await readProjection(bench, old)).toBe(DraftStatus.PENDING_REVIEW);
  });
});

describe('a hand-written UPDATE', () => {
  it.each(legal)('may take a draft of the %s channel from %s to %s', async (channel, from, to) => {
    const draft = await addDraft(bench, channel, { status: from });
    await update(draft, to);
    expect((await readDraft(bench, draft)).status).toBe(to);
  });

  it.each(illegal.filter(([, from, to]) => from !== to))('cannot take a draft of the %s channel from %s to %s', async (channel, from, to) => {
    const draft = await addDraft(bench, channel, { status: from });
    await expect(update(draft, to)).rejects.toMatchObject({ code: '23514', message: `${channel}_drafts.status cannot go from ${from} to ${to}` });
  });

  it.each(channels)('cannot approve a draft of the %s channel for another text than its own', async (channel) => {
    const { id } = await addDraft(bench, channel);
    const approve = bench.query(`update ${channel}_drafts set status = 'approved', approved_fingerprint = 'other' where id = $1`, [id]);
    await expect(approve).rejects.toMatchObject({ code: '23514', constraint: `${channel}_drafts_approved_text` });
  });

  const texts = channels.flatMap((channel) =>
    (channel === Channel.EMAIL ? ['subject', 'body', 'recipient'] : ['body', 'recipient']).map((column): [Channel, string] => [channel, column]));

  it.each(texts)('cannot change what was approved or sent on the %s channel: its %s', async (channel, column) => {
    for (const status of [DraftStatus.APPROVED, DraftStatus.SENT]) {
      const { id } = await addDraft(bench, channel, { status });
      const change = bench.query(`update ${channel}_drafts set ${column} = 'other', fingerprint = 'new', approved_fingerprint = 'new' where id = $1`, [id]);
      await expect(change).rejects.toMatchObject({ code: '23514', message: expect.stringContaining(`is fixed while it is ${status}`) });
    }
  });

  it.each(texts)('cannot change what waits on the %s channel without a new fingerprint: its %s', async (channel, column) => {
    const { id } = await addDraft(bench, channel);
    const change = bench.query(`update ${channel}_drafts set ${column} = 'other' where id = $1`, [id]);
    await expect(change).rejects.toMatchObject({ code: '23514', column: 'fingerprint' });
    await bench.query(`update ${channel}_drafts set ${column} = 'other', fingerprint = 'new' where id = $1`, [id]);
  });

  it.each(channels)('may erase what was sent on the %s channel', async (channel) => {
    const draft = await addDraft(bench, channel, { status: DraftStatus.SENT });
    await bench.query(`update ${channel}_drafts set body = '', recipient = null where id = $1`, [draft.id]);
    expect(await readDraft(bench, draft)).toMatchObject({ body: '', status: 'sent' });
  });
});
