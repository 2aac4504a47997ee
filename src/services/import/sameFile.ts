import { type Kysely, sql } from 'kysely';
import { JobStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { terminalJobStatuses } from '../../domain/transitions.ts';
import type { RowResult } from './readRecords.ts';

/** How far an import came, and what it had read by then. */
export interface ReadBefore {
  rows: number;
  checksum: number;
  /** the file has no more rows */
  isWhole: boolean;
}

/** What came with a key is another file than the one that the key stands for. */
export class OtherFile extends UserErrors {
  constructor() {
    super({
      code: UserErrorCode.CONFLICT,
      message: 'The idempotencyKey was used with another input: the file begins as that one did and goes on otherwise. Use a new key.',
      field: ['input', 'idempotencyKey'],
    });
  }
}

/** Whether an import has ended, and what it has read: null where it has kept nothing. */
export async function readBefore(db: Kysely<unknown>, jobId: string): Promise<{ ended: boolean; before: ReadBefore | null }> {
  const { rows: [job] } = await sql<{ status: JobStatus; read: Omit<ReadBefore, 'isWhole'> | null }>`
    select status, parameters -> 'read' as read from jobs where id = ${jobId}::uuid`.execute(db);
  if (!job) return { ended: true, before: null };
  const isWhole = job.status === JobStatus.SUCCEEDED || job.status === JobStatus.COMPLETED_WITH_ERRORS;
  return { ended: terminalJobStatuses.includes(job.status), before: job.read && { ...job.read, isWhole } };
}

/**
 * The same rows, as long as they are those that were read before.
 * @throws {OtherFile}
 */
export async function* sameFile(rows: AsyncIterable<RowResult[]>, before: ReadBefore | null): AsyncGenerator<RowResult[]> {
  let last = 0;
  for await (const some of rows) {
    const there = before && some.find(({ ordinal }) => ordinal === before.rows);
    last = some.at(-1)?.ordinal ?? last;
    if (before && ((there && there.checksum !== before.checksum) || (before.isWhole && last > before.rows))) throw new OtherFile();
    yield some;
  }
  if (before && last < before.rows) throw new OtherFile();
}
