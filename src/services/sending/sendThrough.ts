import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Channel } from '../../domain/enums.ts';
import { inParallel } from '../inParallel.ts';
import { inSpan } from '../../telemetry/trace.ts';
import type { WorkerContext } from '../workerContext.ts';
import { claimMessage } from './claimMessage.ts';
import { deliverClaimed, type Deliver } from './deliverClaimed.ts';
import type { Hold } from './holdOf.ts';
import { releaseMessages, tellHold } from './tellHold.ts';

export interface WayOut {
  channel: Channel;
  /** whose cap and gap count: the sender's e-mail address, or the social channel's way out */
  address: string;
  deliver: Deliver;
}

/** A gap that ends so soon is waited for here; the next sweep would come later. Milliseconds. */
const shortest = 2_000;

/**
 * Sends what a job has to send until nothing is due for it or its sender is held; then its messages say why they wait.
 * Rejects when the database fails; what was not committed is found again by whoever comes next.
 * @returns whether anything has moved
 */
export async function sendThrough(context: WorkerContext, jobId: string, way: WayOut): Promise<boolean> {
  let held: { hold: Hold; now: Date } | null = null;
  let sent = 0;
  let cancelled = 0;
  /** Milliseconds after which there may be another; null when there is none. */
  const sendNext = async (): Promise<number | null> => {
    const claim = context.stopping.aborted ? null : await claimMessage(context, way.channel, jobId, way.address);
    if (!claim) return null;
    if ('nothing' in claim) {
      cancelled += claim.cancelled;
      return null;
    }
    if ('hold' in claim) {
      held = claim;
      const wait = claim.hold.until.getTime() - claim.now.getTime();
      return claim.hold.kind === 'gap' && wait <= shortest ? wait : null;
    }
    sent += 1;
    const { message } = claim;
    await inSpan({ name: 'message', attributes: { 'outrider.message.id': message.id, 'outrider.channel': way.channel } }, () => deliverClaimed(context, message, way.deliver));
    return 0;
  };
  await inParallel(context.concurrency, async () => {
    for (let wait: number | null = 0; wait !== null; ) {
      wait = await context.connections.hold(sendNext);
      if (wait) await sleep(wait, undefined, { signal: context.stopping }).catch(() => {});
    }
  });
  const db = context.em().getKysely() as Kysely<any>;
  await (held ? tellHold(db, way.channel, jobId, (held as { hold: Hold }).hold) : sent > 0 && releaseMessages(db, way.channel, jobId));
  return sent + cancelled > 0;
}
