import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Channel } from '../../src/domain/enums.ts';
import { renewLease } from '../../src/services/messages/messageLease.ts';
import { resolveMessage } from '../../src/services/messages/resolveMessage.ts';
import { beginJob } from '../../src/services/beginJob.ts';
import { eraseProspect } from '../../src/services/erasure/eraseProspect.ts';
import { Leases } from '../../src/services/leases.ts';
import { claimMessage, type ClaimedMessage } from '../../src/services/sending/claimMessage.ts';
import { deliverClaimed } from '../../src/services/sending/deliverClaimed.ts';
import { recoverMessages } from '../../src/services/sending/recoverMessages.ts';
import { Slots, type WorkerContext } from '../../src/services/workerContext.ts';
import { JobBench } from '../jobs/support.ts';
import { addApprovedDrafts, mailOutreach, messagesOf, passTime, send } from './support.ts';

/** What a worker writes down of a message, with a worker whose every step the test takes itself. */

let bench: JobBench;
const outreach = mailOutreach('smtp://127.0.0.1:1');

beforeAll(async () => {
  bench = await JobBench.open();
});
afterEach(async () => {
  await bench.query('truncate email_messages, email_drafts, job_chunks, job_targets, jobs, senders, settings, suppressions, prospects cascade');
});
afterAll(async () => {
  await bench.close();
});

function workerContext(em = () => bench.orm.em.fork()): WorkerContext {
  return {
    em, outreach, events: bench.events, log: bench.log, leases: new Leases('00000000-0000-4000-8000-000000000000'),
    slots: new Slots(1), connections: new Slots(1), concurrency: 1, stopping: new AbortController().signal,
  };
}

/** A running job with a mail for each of so many prospects. */
async function queue(count: number): Promise<string> {
  const drafts = await addApprovedDrafts(bench, count);
  const { jobId } = await send(bench, outreach, { draftIds: drafts.map(({ id }) => id) });
  await beginJob(workerContext(), jobId);
  return jobId;
}

async function claim(jobId: string): Promise<ClaimedMessage> {
  const claimed = await claimMessage(workerContext(), Channel.EMAIL, jobId, 'ada@sender.example');
  if (!('message' in claimed)) throw new Error('Nothing was claimed.');
  return claimed.message;
}

const senders = () => bench.query('select sent_today from senders');

it('a message that was put off counts against the cap no more, and nothing else does when the answer of that commit is lost', async () => {
  const jobId = await queue(2);
  await claim(jobId);
  const message = await claim(jobId);
  expect(await senders()).toEqual([{ sent_today: 2 }]);
  let losses = 1;
  const forgetful = () => {
    const em = bench.orm.em.fork();
    const transactional = em.transactional.bind(em);
    em.transactional = async (...work: Parameters<typeof transactional>) => {
      const result = await transactional(...work);
      if ((losses -= 1) >= 0) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '08006' });
      return result as any;
    };
    return em;
  };
  await deliverClaimed(workerContext(forgetful), message, async () => ({ outcome: 'deferred', response: '451 Later' }));
  expect(losses).toBeLessThan(0);
  expect(await messagesOf(bench)).toMatchObject([{ status: 'sending' }, { status: 'deferred' }]);
  expect(await senders()).toEqual([{ sent_today: 1 }]);
});

it.each(['sent', 'refused', 'unavailable'] as const)('the late answer (%s) to a mail to somebody who was erased meanwhile names nobody', async (outcome) => {
  const message = await claim(await queue(1));
  await deliverClaimed(workerContext(), message, async (_, handOver) => {
    await handOver();
    // So long silent that the outcome counts as unknown, which hinders no erasure.
    await bench.query(`update email_messages set lease_until = now() - interval '1 second'`);
    await recoverMessages(workerContext());
    await eraseProspect(bench.context, { prospectId: message.prospectId });
    return { outcome, response: `<${message.recipient}> says what it says` };
  });
  const [row] = await messagesOf(bench);
  expect(row).toMatchObject({ status: outcome === 'sent' ? 'sent' : 'failed', response: 'The person was erased.' });
  for (const table of ['email_messages', 'job_targets', 'jobs', 'senders', 'prospects', 'activities']) {
    expect(JSON.stringify(await bench.query(`select * from ${table}`))).not.toContain(message.recipient);
  }
});

it('a message that a long outage has had tried again and again is put off for the first time by a server that says: later', async () => {
  const jobId = await queue(1);
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    await deliverClaimed(workerContext(), await claim(jobId), async () => ({ outcome: 'unavailable', response: 'Connection refused' }));
    await passTime(bench);
  }
  await deliverClaimed(workerContext(), await claim(jobId), async () => ({ outcome: 'deferred', response: '451 Starting up' }));
  const [message] = await messagesOf(bench);
  expect(message).toMatchObject({ status: 'deferred', attempts: 10, blocked_by: 'Tried again later: 451 Starting up' });
  const [{ pause }] = await bench.query<{ pause: number }>('select extract(epoch from due_at - updated_at)::int as pause from email_messages') as [{ pause: number }];
  expect(pause).toBe(300);
});

it('what a sender that was silent, and is back, may still bring to an end is not given up as not sent: then it would be sent twice', async () => {
  const message = await claim(await queue(1));
  const notSent = () => resolveMessage(bench.context, { messageId: message.id, resolution: 'not_sent' });
  await deliverClaimed(workerContext(), message, async (_, handOver) => {
    await handOver();
    await bench.query(`update email_messages set lease_until = now() - interval '1 second'`);
    await recoverMessages(workerContext());
    expect(await messagesOf(bench)).toMatchObject([{ status: 'outcome_unknown' }]);
    await renewLease(bench.orm.em.fork().getKysely<any>(), message);

    await expect(notSent()).rejects.toMatchObject({ errors: [{ code: 'CONFLICT', message: expect.stringContaining('it will say what became of it') }] });
    expect(await messagesOf(bench)).toMatchObject([{ status: 'outcome_unknown' }]);
    return { outcome: 'unknown', response: 'No answer has come.' };
  });
  // Its sender does not know either: from here on a person decides.
  await notSent();
  expect(await messagesOf(bench)).toMatchObject([{ status: 'failed' }]);
});

it('a sender that died leaves its message to a person once its lease has ended', async () => {
  const message = await claim(await queue(1));
  await bench.query(`update email_messages set handed_over_at = now(), lease_until = now() - interval '1 second'`);
  await recoverMessages(workerContext());
  await renewLease(bench.orm.em.fork().getKysely<any>(), message);
  await bench.query(`update email_messages set lease_until = now() - interval '1 second'`);
  await resolveMessage(bench.context, { messageId: message.id, resolution: 'not_sent' });
  expect(await messagesOf(bench)).toMatchObject([{ status: 'failed' }]);
});
