import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { NIL } from 'uuid';
import type { Retention } from '../../config/retention.ts';
import { isSchemaFailure } from '../../domain/databaseErrors.ts';
import { recordActivity } from '../recordActivity.ts';
import { pruneBatch, type Place } from './pruneBatch.ts';
import { countParts, findOldJobs, jobParts, pruneJob, type JobPart } from './pruneJob.ts';
import { rules, type RetentionRule } from './rules.ts';

export interface PruneOptions {
  retention: Retention;
  actor: string;
  /** counts what would go, and removes nothing */
  dryRun?: boolean;
  /** rows that are looked at in one transaction; 2,000 unless told */
  batchSize?: number;
  /** stops between two batches; the next run goes on */
  signal?: AbortSignal;
  /** told after each batch how many rows of a table went so far */
  onBatch?: (table: string, pruned: number) => void;
}

/** Table → rows that went; tables of which nothing is to go are not in it. */
export type Pruned = { [table: string]: number };

/** A batch that cannot lock its rows in that time fails, and with it the run, which is tried again. */
const lockTimeout = '1s';

/**
 * Removes what is older than the settings keep: in small transactions by age, with a pause after each that is as long as it took. It
 * begins at the oldest each time, so that a run that was killed leaves nothing to mend; any number of them may run at once.
 * Writes an activity `retention.pruned` with the counts when something went. What the schema lacks stops only what needs it, and is
 * thrown when the rest is done.
 */
export async function prune(db: Kysely<any>, options: PruneOptions): Promise<Pruned> {
  const run = new Run(db, options);
  const lacking: unknown[] = [];
  try {
    for (const step of [...rules.map((rule) => () => run.apply(rule)), () => run.pruneJobs(), () => run.forgetKeys()]) {
      await step().catch((error: unknown) => {
        if (!isSchemaFailure(error)) throw error;
        lacking.push(error);
      });
    }
  } finally {
    await run.record();
  }
  if (lacking.length > 0) throw lacking[0];
  return run.pruned;
}

class Run {
  readonly pruned: Pruned = {};
  readonly #db: Kysely<any>;
  readonly #options: PruneOptions;
  readonly #size: number;

  constructor(db: Kysely<any>, options: PruneOptions) {
    this.#db = db;
    this.#options = options;
    this.#size = options.batchSize ?? 2_000;
  }

  async apply(rule: RetentionRule): Promise<void> {
    const cutoff = await this.#cutoff(rule.keptFor);
    if (cutoff === null) return;
    for (let place: Place | null = null; ; ) {
      const batch = await this.#transaction((db) => pruneBatch(db, rule, { cutoff, after: place, size: this.#size, dryRun: this.#options.dryRun ?? false }));
      this.#count(rule.table, batch.pruned);
      if (batch.place === null) return;
      place = batch.place;
    }
  }

  async pruneJobs(): Promise<void> {
    const cutoff = await this.#cutoff('jobDetails');
    if (cutoff === null) return;
    for (let page = await findOldJobs(this.#db, cutoff, null); page.length > 0; page = await findOldJobs(this.#db, cutoff, page.at(-1)!)) {
      for (const { id } of page) {
        for (const part of Object.keys(jobParts) as JobPart[]) await this.#pruneParts(id, part);
      }
    }
  }

  /** Keys say nothing any more after 7 days, whatever the settings. */
  async forgetKeys(): Promise<void> {
    if (this.#options.dryRun) return;
    const forget = (db: Kysely<any>) => sql`
      delete from idempotency_keys where ctid = any(array(
        select ctid from idempotency_keys where created_at < now() - interval '7 days' order by created_at limit ${this.#size} for update skip locked
      ))`.execute(db);
    for (let gone = 1; gone > 0; ) gone = await this.#transaction(async (db) => Number((await forget(db)).numAffectedRows ?? 0));
  }

  async record(): Promise<void> {
    if (this.#options.dryRun || Object.keys(this.pruned).length === 0) return;
    await recordActivity(this.#db, { actor: this.#options.actor, action: 'retention.pruned', subjectType: 'Retention', subjectId: NIL, details: this.pruned });
  }

  async #pruneParts(jobId: string, part: JobPart): Promise<void> {
    if (this.#options.dryRun) {
      this.#count(part, await countParts(this.#db, jobId, part));
      return;
    }
    for (let gone = this.#size; gone === this.#size; ) {
      gone = await this.#transaction((db) => pruneJob(db, jobId, part, this.#size));
      this.#count(part, gone);
    }
  }

  #count(table: string, rows: number): void {
    if (rows === 0) return;
    this.pruned[table] = (this.pruned[table] ?? 0) + rows;
    this.#options.onBatch?.(table, this.pruned[table]);
  }

  /** By the database's clock; null: kept for ever. */
  async #cutoff(kind: keyof Retention): Promise<string | null> {
    const days = this.#options.retention[kind];
    if (days === undefined) return null;
    const { rows } = await sql<{ cutoff: string }>`select (now() - make_interval(days => ${days}::int))::text as cutoff`.execute(this.#db);
    return rows[0]!.cutoff;
  }

  async #transaction<T>(work: (db: Kysely<any>) => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await this.#db.transaction().execute(async (db) => {
      await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(db);
      return work(db);
    });
    this.#options.signal?.throwIfAborted();
    if (!this.#options.dryRun) await sleep(performance.now() - started, undefined, { signal: this.#options.signal });
    return result;
  }
}
