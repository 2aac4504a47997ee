import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { textProblem } from '../domain/text.ts';

const keepFor = '7 days';
/** A key of an index has its limit. */
const longestKey = 500;

export interface IdempotentRequest {
  /** the actor's name: a key belongs to its caller and mutation */
  caller: string;
  mutation: string;
  /** without a key nothing is remembered, and every request starts a job */
  key?: string | null;
  /** the mutation's input; its idempotencyKey does not count */
  input: object;
  /** whether a repeat starts another job when the one before has FAILED, as it does when its input broke off */
  isTriedAgain?: boolean;
}

export interface StartedJob {
  jobId: string;
  /** false when an earlier request with this key has started it */
  started: boolean;
}

/**
 * Runs `start` with the id of the job that it shall insert, unless this caller's mutation with this key has run
 * before. Call it inside the transaction that inserts the job: of two at once, the second waits for the first to
 * commit and gets its job.
 * @throws {UserErrors} INVALID: no key can be that; CONFLICT: the same key with another input
 */
export async function once(
  transaction: Kysely<unknown>,
  { caller, mutation, key, input, isTriedAgain = false }: IdempotentRequest,
  start: (jobId: string) => Promise<void>,
): Promise<StartedJob> {
  const jobId = uuidv7();
  if (key == null) {
    await start(jobId);
    return { jobId, started: true };
  }
  checkKey(key);
  const hash = createHash('sha256').update(canonicalJson({ ...input, idempotencyKey: undefined })).digest('hex');
  await sql`delete from idempotency_keys where caller = ${caller} and mutation = ${mutation} and key = ${key}
    and created_at < now() - ${keepFor}::interval`.execute(transaction);
  const inserted = await sql`insert into idempotency_keys (caller, mutation, key, input_hash, job_id)
    values (${caller}, ${mutation}, ${key}, ${hash}, ${jobId})
    on conflict (caller, mutation, key) do nothing returning job_id`.execute(transaction);
  if (inserted.rows.length > 0) {
    await start(jobId);
    return { jobId, started: true };
  }
  const earlier = await sql<{ input_hash: string; job_id: string }>`select input_hash, job_id from idempotency_keys
    where caller = ${caller} and mutation = ${mutation} and key = ${key}`.execute(transaction);
  const row = earlier.rows[0];
  if (row?.input_hash !== hash) {
    throw new UserErrors({
      code: UserErrorCode.CONFLICT,
      message: `The idempotencyKey ${JSON.stringify(key)} was used with another input; use a new key.`,
      field: ['input', 'idempotencyKey'],
    });
  }
  if (!isTriedAgain) return { jobId: row.job_id, started: false };
  // Of two at once the second meets the job of the first, which has not failed.
  const { rows: again } = await sql`update idempotency_keys set job_id = ${jobId}, created_at = now()
    where caller = ${caller} and mutation = ${mutation} and key = ${key} and job_id = ${row.job_id}
      and exists (select from jobs where id = ${row.job_id} and status = 'failed')
    returning job_id`.execute(transaction);
  if (again.length > 0) {
    await start(jobId);
    return { jobId, started: true };
  }
  const { rows: [latest] } = await sql<{ job_id: string }>`select job_id from idempotency_keys
    where caller = ${caller} and mutation = ${mutation} and key = ${key}`.execute(transaction);
  return { jobId: latest?.job_id ?? row.job_id, started: false };
}

/** An empty one is what everybody sends who forgot to make one: the second of them would get what the first has started. */
function checkKey(key: string): void {
  const problem = key.trim() === '' ? 'is empty' : key.length > longestKey ? `has more than ${longestKey} characters` : textProblem(key);
  if (problem) throw new UserErrors({ code: UserErrorCode.INVALID, message: `The idempotencyKey ${problem}.`, field: ['input', 'idempotencyKey'] });
}

/** JSON with sorted keys, so that equal inputs are equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
