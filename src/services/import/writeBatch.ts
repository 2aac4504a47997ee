import { type Kysely, sql } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { TargetOutcome } from '../../domain/enums.ts';
import { excludeSuppressed } from '../suppression/excludeSuppressed.ts';
import { holdSuppressions } from '../suppression/holdSuppressions.ts';
import type { ChunkResult } from './importLease.ts';
import type { KeySet } from './KeySet.ts';
import type { RowsOfKey } from './merge.ts';
import { failed, type FailedRow, type RowResult } from './readRecords.ts';
import type { ImportedProspect } from './row.ts';
import { insertProfiles, writeProspects } from './writeProspects.ts';

/** The rows of one chunk, put together by key. */
export interface Batch {
  count: number;
  /** of the file up to its last row */
  checksum: number;
  byKey: Map<string, RowsOfKey>;
  /** rows that name a profile for the first time in the file */
  profiles: ImportedProspect[];
  failures: (RowResult & { row: FailedRow })[];
}

/** The keys of prospects and profiles that a file has had. */
export interface Seen {
  prospects: KeySet;
  profiles: KeySet;
}

/** Remembers the keys in `seen`, so that each row is told apart from its repeats in later batches too. */
export function groupByKey(results: readonly RowResult[], seen: Seen): Batch {
  const batch: Batch = { count: results.length, checksum: results.at(-1)?.checksum ?? 0, byKey: new Map(), profiles: [], failures: [] };
  for (const result of results) {
    const { row } = result;
    if (failed(row)) {
      batch.failures.push({ ...result, row });
      continue;
    }
    addTo(batch.byKey, row, seen.prospects);
    if (row.profile && seen.profiles.add(row.profile.key)) batch.profiles.push(row);
  }
  return batch;
}

function addTo(byKey: Map<string, RowsOfKey>, row: ImportedProspect, seen: KeySet): void {
  const first = seen.add(row.key);
  const rows = byKey.get(row.key);
  if (rows) rows.repeats.push(row);
  else byKey.set(row.key, first ? { first: row, repeats: [] } : { first: null, repeats: [row] });
}

export interface BatchOptions {
  jobId: string;
  dryRun: boolean;
  actor: string;
  outreach: Outreach;
}

/** Writes a batch's prospects and its failures in the caller's transaction, and counts its outcomes. Who is suppressed stays so. */
export async function writeBatch(
  transaction: Kysely<unknown>,
  batch: Batch,
  { jobId, dryRun, actor, outreach }: BatchOptions,
): Promise<ChunkResult> {
  if (!dryRun) await holdSuppressions(transaction);
  const merged = await writeProspects(transaction, batch.byKey, { jobId, dryRun });
  if (!dryRun) {
    await insertProfiles(transaction, batch.profiles);
    await excludeSuppressed(transaction, outreach, [...batch.byKey.keys()], actor, (key) => merged.get(key)?.outcome === TargetOutcome.CREATED);
  }
  await insertFailures(transaction, jobId, batch.failures);
  const outcomes: { [outcome: string]: number } = {};
  const count = (outcome: TargetOutcome, by: number) => {
    if (by > 0) outcomes[outcome] = (outcomes[outcome] ?? 0) + by;
  };
  for (const [key, { first, repeats }] of batch.byKey) {
    if (first) count(merged.get(key)?.outcome as TargetOutcome, 1);
    count(TargetOutcome.DUPLICATE, repeats.length);
  }
  count(TargetOutcome.FAILED, batch.failures.length);
  return { targetCount: batch.count, checksum: batch.checksum, failedCount: batch.failures.length, outcomes };
}

async function insertFailures(transaction: Kysely<unknown>, jobId: string, failures: Batch['failures']): Promise<void> {
  if (failures.length === 0) return;
  const input = JSON.stringify(failures.map(({ ordinal, line, row }) => ({ ordinal, line, ...row })));
  await sql`
    insert into job_targets (job_id, ordinal, outcome, code, message, line, column_name, value)
    select ${jobId}::uuid, ordinal, 'failed', code, message, line, "column", value
    from json_to_recordset(${input}::json) as input (ordinal int, line int, code text, message text, "column" text, value text)`.execute(transaction);
}
