import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { JobBench } from '../jobs/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { addApprovedDrafts, mailOutreach, messagesOf, openMailSink, send, type MailSink } from './support.ts';

/**
 * A worker process dies by SIGKILL at each step of a send, and another one goes on. Whatever the step: the server never
 * gets the mail twice, and a mail that it may not have got is shown as such.
 */

let bench: JobBench;
let sink: MailSink;
let victim: ChildProcess;

beforeAll(async () => {
  bench = await JobBench.open();
  // What a test wants to see in the middle waits for the lock that the test holds.
  await bench.query(`create function wait_for_test() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(4711); return new; end $$`);
});
afterEach(async () => {
  await sink.close();
  await bench.query('drop trigger if exists wait_for_test on email_messages');
  await bench.query('truncate email_messages, email_drafts, job_chunks, job_targets, jobs, senders cascade');
});
afterAll(async () => {
  await bench.close();
});

async function kill(): Promise<void> {
  const ended = victim.exitCode === null && victim.signalCode === null ? once(victim, 'exit') : null;
  victim.kill('SIGKILL');
  await ended;
}

/** Starts the worker that shall die, and queues one mail. */
async function begin(options: Parameters<typeof openMailSink>[0] = {}): Promise<void> {
  sink = await openMailSink(options);
  const outreach = mailOutreach(sink.url);
  const [draft] = await addApprovedDrafts(bench, 1);
  victim = await bench.startWorkerProcess(outreach);
  await send(bench, outreach, { draftIds: [draft!.id] });
}

/** After the death: its lease ends, and another worker does what is to be done; the message once nothing more happens to it. */
async function goOn() {
  await bench.query(`update email_messages set lease_until = now() - interval '1 second' where status = 'sending'`);
  const worker = await bench.startWorker({ outreach: mailOutreach(sink.url) });
  try {
    return await waitFor(async () => {
      const [message] = await messagesOf(bench);
      const [job] = await bench.query<{ finished: boolean }>('select finished_at is not null as finished from jobs');
      return job?.finished ? message : null;
    });
  } finally {
    await worker.stop();
  }
}

/** Statements that wait for the test's lock, as soon as there is one. */
const blocked = () => waitFor(async () => (await bench.query<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory' and objid = 4711 and not granted`))[0]);

/** Runs `meanwhile` while the victim's update of this kind waits; it is rolled back afterwards unless it was let through. */
async function inTheMiddleOf(condition: string, meanwhile: (letThrough: () => Promise<void>) => Promise<void>): Promise<void> {
  await bench.query(`create trigger wait_for_test before update on email_messages for each row when (${condition}) execute function wait_for_test()`);
  const client = await bench.pool.connect();
  let held = true;
  try {
    await client.query('select pg_advisory_lock(4711)');
    const letThrough = async () => {
      await client.query('select pg_advisory_unlock(4711)');
      held = false;
    };
    await begin();
    const { pid } = await blocked();
    await meanwhile(letThrough);
    if (held) {
      await bench.query('select pg_terminate_backend($1)', [pid]);
      await letThrough();
    }
  } finally {
    client.release(true);
  }
}

describe('a worker that is killed', () => {
  it.each([
    ['when the server greets it', { onConnect: () => kill() }],
    ['after MAIL FROM', { onMailFrom: () => kill() }],
    ['after RCPT TO', { onRcptTo: () => kill() }],
  ] as [string, Parameters<typeof openMailSink>[0]][])('%s: the mail is sent by another, once', async (_, options) => {
    let first = true;
    const hooks = Object.entries(options!).map(([name, die]) => [name, (...args: unknown[]) => {
      if (!first) return (args.at(-1) as () => void)();
      first = false;
      return (die as () => void)();
    }]);
    await begin(Object.fromEntries(hooks));
    await waitFor(() => victim.signalCode === 'SIGKILL');
    expect(await goOn()).toMatchObject({ status: 'sent', attempts: 2 });
    expect(sink.received).toHaveLength(1);
  });

  it('while it claims: the mail is sent by another, once', async () => {
    await inTheMiddleOf(`new.status = 'sending' and old.status = 'queued'`, () => kill());
    expect(await goOn()).toMatchObject({ status: 'sent', attempts: 1 });
    expect(sink.received).toHaveLength(1);
  });

  it('before it has written down that the mail leaves: the mail is sent by another, once', async () => {
    await inTheMiddleOf('new.handed_over_at is not null and old.handed_over_at is null', () => kill());
    expect(await goOn()).toMatchObject({ status: 'sent', attempts: 2 });
    expect(sink.received).toHaveLength(1);
  });

  it('after it has written down that the mail leaves, and before it does: shown, and not sent again', async () => {
    await inTheMiddleOf('new.handed_over_at is not null and old.handed_over_at is null', async (letThrough) => {
      victim.kill('SIGSTOP');
      await letThrough();
      await waitFor(async () => (await messagesOf(bench))[0]!.handed_over_at);
      await kill();
    });
    expect(await goOn()).toMatchObject({ status: 'outcome_unknown', attempts: 1 });
    expect(sink.received).toHaveLength(0);
  });

  it('after the mail has left, before the answer: shown, and not sent again', async () => {
    await begin({ onData: () => kill().then(() => null) });
    await waitFor(() => victim.signalCode === 'SIGKILL');
    expect(await goOn()).toMatchObject({ status: 'outcome_unknown', attempts: 1 });
    expect(sink.received).toHaveLength(1);
  });

  it('after the answer, before it is written down: shown, and not sent again', async () => {
    await inTheMiddleOf(`new.status = 'sent'`, () => kill());
    expect(await goOn()).toMatchObject({ status: 'outcome_unknown', attempts: 1 });
    expect(sink.received).toHaveLength(1);
  });

  it('after everything is written down: sent, once', async () => {
    await begin();
    await waitFor(async () => (await messagesOf(bench))[0]?.status === 'sent');
    await kill();
    expect(await goOn()).toMatchObject({ status: 'sent', attempts: 1 });
    expect(sink.received).toHaveLength(1);
  });

  it('again and again among many: none is sent twice, and none is lost without being shown', async () => {
    const count = 30;
    sink = await openMailSink();
    const outreach = mailOutreach(sink.url);
    const drafts = await addApprovedDrafts(bench, count);
    await send(bench, outreach, { draftIds: drafts.map(({ id }) => id) });
    for (let death = 1; death <= 2; death += 1) {
      const before = sink.received.length;
      victim = await bench.startWorkerProcess(outreach);
      await waitFor(() => sink.received.length > before + 3, { intervalMs: 1 });
      await kill();
      await bench.query(`update email_messages set lease_until = now() - interval '1 second' where status = 'sending'`);
    }
    await goOn();
    const messages = await messagesOf(bench);
    const times = new Map(messages.map(({ message_id }) => [message_id, sink.received.filter(({ raw }) => raw.includes(message_id)).length]));
    expect(messages.filter(({ status }) => !['sent', 'outcome_unknown'].includes(status))).toEqual([]);
    expect(messages.filter(({ message_id, status }) => times.get(message_id)! > 1 || (status === 'sent' && times.get(message_id) !== 1))).toEqual([]);
  });
});
