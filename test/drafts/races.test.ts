import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UserErrors } from '../../src/domain/errors.ts';
import { reviewDrafts } from '../../src/services/drafts/reviewDrafts.ts';
import { updateDraft } from '../../src/services/drafts/updateDraft.ts';
import { JobBench } from '../jobs/support.ts';
import { activitiesOf, addDraft, channels, readDraft, type TestDraft } from './support.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

const rounds = 25;

interface Approval {
  /** what the reviewer had before their eyes */
  fingerprint: string;
  body: string;
}

/** Reads, and approves what it has read. */
async function approve(draft: TestDraft): Promise<Approval | null> {
  const { fingerprint, body } = await readDraft(bench, draft);
  const { changedIds } = await reviewDrafts(bench.context, { decision: 'approve', drafts: [{ draftId: draft.id, fingerprint }] });
  return changedIds.length > 0 ? { fingerprint, body } : null;
}

/** Reads, and writes something else. */
async function edit(draft: TestDraft, body: string): Promise<boolean> {
  const { version } = await readDraft(bench, draft);
  return updateDraft(bench.context, { draftId: draft.id, version, body }).then(() => true, (error: unknown) => {
    if (error instanceof UserErrors) return false;
    throw error;
  });
}

it.each(channels)('an approval on the %s channel never covers a text that nobody read, however edits and approvals meet', async (channel) => {
  let approvals = 0;
  let refused = 0;
  for (let round = 0; round < rounds; round += 1) {
    const draft = await addDraft(bench, channel, { body: 'As it was written' });
    const [first, , second] = await Promise.all([approve(draft), edit(draft, `Edited in round ${round}`), approve(draft), edit(draft, `Edited too in round ${round}`)]);

    const given = [first, second].filter((approval) => approval !== null);
    approvals += given.length;
    refused += 2 - given.length;
    const texts = new Map<number, string>();
    for (const { version, body } of await bench.query<{ version: number; body: string }>(`select version, body from ${channel}_draft_versions where draft_id = $1`, [draft.id])) {
      texts.set(version, body);
    }
    const now = await readDraft(bench, draft);
    texts.set(now.version, now.body);
    const recorded = (await activitiesOf(bench, draft)).filter(({ action }) => action === 'draft.approved').map(({ details }) => texts.get((details as { version: number }).version));
    expect(recorded.sort()).toEqual(given.map(({ body }) => body).sort());
    expect(now.approved_fingerprint).toBe(now.status === 'approved' ? now.fingerprint : null);
    if (now.status === 'approved') expect(given.map(({ fingerprint }) => fingerprint)).toContain(now.fingerprint);
  }
  // Otherwise nothing has met.
  expect(approvals).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

it('a draft of which each state follows from the one before has an activity for each step', async () => {
  const draft = await addDraft(bench, channels[0]!);
  await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? edit(draft, `Text ${index}`) : approve(draft))));

  const steps = await activitiesOf(bench, draft);
  const states = ['pending_review', ...steps.map(({ to_state }) => to_state)];
  expect(steps.map(({ from_state }) => from_state)).toEqual(states.slice(0, -1));
  expect((await readDraft(bench, draft)).status).toBe(states.at(-1));
});
