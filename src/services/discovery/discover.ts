import type { Kysely } from 'kysely';
import { discoverTask } from '../../queue/discoverTask.ts';
import { announceWork } from '../announceWork.ts';
import { enqueueIn } from '../enqueueIn.ts';
import { once } from '../idempotency.ts';
import { inTransaction } from '../inTransaction.ts';
import type { JobContext } from '../jobContext.ts';
import { insertDiscovery } from './insertDiscovery.ts';
import { keepQuery } from './keepQuery.ts';
import { readSearch, type SearchInput } from './readSearch.ts';

export interface Discover extends SearchInput {
  idempotencyKey?: string | null;
}

/**
 * Starts a search: the search itself, kept to be run again, its job and the queue's message in one transaction. Nothing
 * is fetched here.
 * @returns the id of the job; of the earlier one when the idempotencyKey was used before
 * @throws {UserErrors} INVALID, UNSUPPORTED, NOT_CONFIGURED, CONFLICT
 */
export async function discover(context: JobContext, { idempotencyKey, ...input }: Discover): Promise<{ jobId: string }> {
  const search = readSearch(input, context.outreach);
  const { adapter, query, given, limit } = search;
  const request = { caller: context.actor.name, mutation: 'discover', key: idempotencyKey, input: { platform: adapter.platform, query, filters: given, limit } };
  return startDiscovery(context, request, async (db) => {
    const discoveryQueryId = await keepQuery(db, search, context.actor.name);
    const targets = adapter.targets?.(query).slice(0, limit) ?? null;
    return { platform: adapter.platform, query, filters: given, limit, discoveryQueryId, targets };
  });
}

/** Starts the job of a search, once for an idempotencyKey. @throws {UserErrors} what `prepare` throws; CONFLICT */
export async function startDiscovery(
  { em, actor, queue, events }: JobContext,
  request: Parameters<typeof once>[1],
  prepare: (db: Kysely<any>) => Promise<Parameters<typeof insertDiscovery>[1]['parameters']>,
): Promise<{ jobId: string }> {
  const { jobId, started } = await inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    return once(db, request, async (id) => {
      const parameters = await prepare(db);
      await insertDiscovery(db, { id, createdBy: actor.name, parameters });
      await enqueueIn(tx, queue, discoverTask, { jobId: id });
    });
  });
  if (started) announceWork(events, jobId, 1);
  return { jobId };
}
