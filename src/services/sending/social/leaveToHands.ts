import { sql, type Kysely } from 'kysely';
import { Channel } from '../../../domain/enums.ts';
import type { WorkerContext } from '../../workerContext.ts';
import { cancelObstructed } from '../cancelObstructed.ts';
import { draftSource, obstacleOfMessage, type Obstacle } from '../obstacles.ts';
import { tellHold } from '../tellHold.ts';

/** What a message says that only a person can send. */
export const byHand = 'To be sent by hand: copy the text, open the profile, send it, then mark the message as sent. A worker sends it once SOCIAL_WEBHOOK_URL is set.';

/** How long a job is left alone after a look at its messages, in milliseconds: nothing but a person moves them. */
const interval = 30_000;
const batch = 500;

/** job → when this worker last looked at its messages, on the clock that only counts */
const looks = new WeakMap<WorkerContext, Map<string, number>>();

/**
 * The messages of a job wait for a person. Those that may not be sent any more are cancelled with the reason, as a worker
 * would that claims them: nobody shall be asked to send them.
 * @returns whether the job was looked at
 */
export async function leaveToHands(context: WorkerContext, jobId: string): Promise<boolean> {
  if (!isDue(context, jobId)) return false;
  const db = context.em().getKysely() as Kysely<any>;
  await tellHold(db, Channel.SOCIAL, jobId, { kind: 'configuration', reason: byHand, until: null });
  while (!context.stopping.aborted && (await context.em().transactional((tx) => giveUp(tx.getKysely(), jobId))) === batch);
  return true;
}

function isDue(context: WorkerContext, jobId: string): boolean {
  const now = performance.now();
  const seen = looks.get(context) ?? new Map<string, number>();
  looks.set(context, seen);
  for (const [job, at] of seen) if (now - at >= interval) seen.delete(job);
  if (seen.has(jobId)) return false;
  seen.set(jobId, now);
  return true;
}

/** @returns how many were cancelled, `batch` at most */
async function giveUp(db: Kysely<any>, jobId: string): Promise<number> {
  const { rows } = await sql<{ id: string; obstacle: Obstacle }>`
    with obstructed as materialized (
      select m.id, ${obstacleOfMessage(Channel.SOCIAL)} as obstacle
      from social_messages as m join (${draftSource[Channel.SOCIAL]}) on d.id = m.draft_id
      where m.job_id = ${jobId}::uuid and m.status in ('queued', 'deferred')
    )
    select m.id, obstacle from social_messages as m join obstructed using (id)
    where obstacle is not null and m.status in ('queued', 'deferred')
    order by m.id limit ${batch} for no key update of m skip locked`.execute(db);
  for (const { id, obstacle } of rows) await cancelObstructed(db, Channel.SOCIAL, id, obstacle);
  return rows.length;
}
