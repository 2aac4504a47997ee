import { type Kysely, sql } from 'kysely';
import type { Platform } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { JobContext } from '../jobContext.ts';
import { startDiscovery } from './discover.ts';
import { readSearch } from './readSearch.ts';

export interface RunDiscoveryQuery {
  /** uuid of a search that is kept */
  discoveryQueryId: string;
  /** prospects at most; 100 when absent */
  limit?: number | null;
  idempotencyKey?: string | null;
}

interface Kept {
  platform: Platform;
  query: string;
  filters: { [name: string]: unknown };
}

/**
 * Searches again for what was searched before, with the same filters.
 * @returns the id of the new job
 * @throws {UserErrors} NOT_FOUND, INVALID, UNSUPPORTED, NOT_CONFIGURED, CONFLICT
 */
export async function runDiscoveryQuery(context: JobContext, { discoveryQueryId, limit, idempotencyKey }: RunDiscoveryQuery): Promise<{ jobId: string }> {
  const request = { caller: context.actor.name, mutation: 'runDiscoveryQuery', key: idempotencyKey, input: { discoveryQueryId, limit } };
  return startDiscovery(context, request, async (db) => {
    const kept = await readKept(db, discoveryQueryId);
    const { adapter, query, given, limit: wanted } = readSearch({ ...kept, limit }, context.outreach);
    const targets = adapter.targets?.(query).slice(0, wanted) ?? null;
    return { platform: kept.platform, query, filters: given, limit: wanted, discoveryQueryId, targets };
  });
}

async function readKept(db: Kysely<any>, id: string): Promise<Kept> {
  const { rows } = await sql<Kept>`select platform, query, filters from discovery_queries where id = ${id}::uuid`.execute(db);
  if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such search.', field: ['input', 'id'] });
  return rows[0];
}
