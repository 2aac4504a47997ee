import type { EntityManager } from '@mikro-orm/postgresql';
import type { ExecutionResult } from 'graphql';
import type { Events, Listener } from '../../../src/events/events.ts';
import { watchDrafts, type DraftWatch } from '../../../src/services/drafts/watchDrafts.ts';
import { watchJobs, type JobWatch } from '../../../src/services/watchJobs.ts';

/** Milliseconds after which a subscriber has heard nothing, and between two notices. */
const patience = { silence: 1_000, notice: 50 };

type Subscribe = (watches: { jobs: JobWatch; drafts: DraftWatch }) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;

/** What a subscriber hears first while a job changes again and again. Rejects when what is watched cannot be read, or nothing comes. */
export async function firstEvent(em: () => EntityManager, jobId: string, subscribe: Subscribe): Promise<ExecutionResult> {
  let fail!: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const listeners: Listener[] = [];
  const events = eventsOf(listeners);
  const log = { warn: (details: object) => fail((details as { err: Error }).err) };
  const watches = { jobs: watchJobs({ em, events, log }), drafts: watchDrafts({ em, events, log }) };
  const silence = setTimeout(() => fail(new Error('nothing was heard')), patience.silence);
  const notices = setInterval(() => listeners.forEach((listener) => listener([[jobId, 1]])), patience.notice);
  try {
    return await Promise.race([failed, subscribe(watches).then(firstOf)]);
  } finally {
    clearTimeout(silence);
    clearInterval(notices);
    Object.values(watches).forEach((watch) => watch.close());
  }
}

/** @param listeners gets those who want to hear of jobs */
function eventsOf(listeners: Listener[]): Events {
  return {
    publish: () => {},
    subscribe: (topic, listener) => {
      if (topic === 'jobs') listeners.push(listener);
      return () => {};
    },
    close: async () => {},
  };
}

async function firstOf(stream: AsyncIterable<ExecutionResult> | ExecutionResult): Promise<ExecutionResult> {
  if (!(Symbol.asyncIterator in stream)) return stream;
  for await (const event of stream) return event;
  throw new Error('it ended without an event');
}
