import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { mailOutreach, openMailSink, type MailSink } from '../sending/support.ts';
import { waitFor } from '../support/waitFor.ts';

const count = 40;
let sink: MailSink;
let api: Api;
let worker: Worker;

beforeAll(async () => {
  sink = await openMailSink();
  const outreach = mailOutreach(sink.url);
  api = await startApi(undefined, outreach);
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach });
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
  await sink.close();
});

interface Sample {
  total: number;
  /** sum of the stages */
  sum: number;
  /** rows by the list, counted in the snapshot of its page */
  listed: number;
}

async function sample(): Promise<Sample> {
  const { data } = await api.ask('{ pipelineStatus { total stages { count } } prospects(first: 1) { totalCount } }');
  const { total, stages } = data.pipelineStatus;
  return { total, sum: stages.reduce((sum: number, stage: { count: number }) => sum + stage.count, 0), listed: data.prospects.totalCount };
}

/** Approves what waits for it, again and again, until every prospect has been sent to. */
async function approveAsTheyCome(): Promise<void> {
  await waitFor(async () => {
    const { data } = await api.ask('{ drafts(first: 100, filter: { status: [PENDING_REVIEW] }) { nodes { id fingerprint } } }');
    const drafts = data.drafts.nodes;
    if (drafts.length > 0) await api.ask('mutation ($drafts: [DraftReview!]!) { reviewDrafts(input: { drafts: $drafts, decision: APPROVE }) { userErrors { message } } }', { drafts });
    const { data: approved } = await api.ask('{ drafts(first: 100, filter: { status: [APPROVED] }) { nodes { id } } }');
    for (const { id } of approved.drafts.nodes) await api.ask('mutation ($id: ID!) { sendMessages(input: { draftIds: [$id] }) { userErrors { message } } }', { id });
    return sink.received.length === count;
  }, { timeoutMs: 110_000 });
}

test('the stages sum to the total at any moment of a concurrent run, and at its end every prospect stands where it belongs', async () => {
  const rows = Array.from({ length: count }, (_, n) => `Project ${n},https://example.org/p${n},hello${n}@example.org`);
  const data = ['displayName,profileUrl,email', ...rows].join('\n');
  await api.ask('mutation ($data: String!) { importProspects(input: { format: CSV, data: $data }) { job { id } } }', { data });
  await api.ask(`mutation { reviewProspects(input: { filter: {}, expectedCount: ${count}, decision: APPROVE }) { changedCount } }`);

  let isOver = false;
  const samples: Sample[] = [];
  const watching = (async () => {
    while (!isOver) samples.push(await sample());
  })();
  await api.ask(`mutation { startDraftJob(input: { filter: {}, expectedCount: ${count}, bodyTemplate: "Hello {{ displayName }}" }) { job { id } } }`);
  await approveAsTheyCome();
  await waitFor(async () => (await api.ask('{ messages(filter: { status: [SENT] }) { totalCount } }')).data.messages.totalCount === count);
  isOver = true;
  await watching;

  expect(samples.length).toBeGreaterThan(10);
  expect(samples.filter(({ total, sum, listed }) => total !== count || sum !== count || listed !== count)).toEqual([]);
  const { data: end } = await api.ask('{ pipelineStatus { stages { stage count } } }');
  expect(end.pipelineStatus.stages.filter((stage: { count: number }) => stage.count > 0)).toEqual([{ stage: 'SENT', count }]);
  expect(new Set(sink.received.map(({ to }) => to.join())).size).toBe(count);
});
