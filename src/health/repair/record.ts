import { v7 as uuidv7 } from 'uuid';
import type { Client } from 'pg';
import type { RepairStep } from '../report.ts';

type StepState = 'pending' | 'running' | 'done' | 'failed' | 'skipped';

interface StepRecord extends RepairStep {
  state: StepState;
  startedAt: string | null;
  finishedAt: string | null;
  waitingFor: string | null;
}

export interface AuditRow {
  action: 'schema.repaired' | 'schema.repair_failed' | 'schema.migrated' | 'schema.migration_failed';
  details: object;
}

export interface RecordOptions {
  /** a connection of its own: the other one is busy with a step */
  client: Client;
  requestedBy: string;
  action: 'repair' | 'migrate';
  planHash: string | null;
  steps: readonly RepairStep[];
  log: { warn(fields: object, message: string): void };
}

const HEARTBEAT_MS = 2000;

/**
 * The durable record of one repair (`schema_repairs`), and a row of `activities` for each step. A repair goes on when
 * it cannot be written down, for these tables may be what it mends; what could not be written is tried again later.
 */
export class RepairRecord {
  readonly id = uuidv7();
  readonly #options: RecordOptions;
  readonly #steps: StepRecord[];
  #unwritten: AuditRow[] = [];
  #state: 'running' | 'done' | 'failed' = 'running';
  #error: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  #complaint = '';
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#steps = options.steps.map((step) => ({ ...step, state: 'pending', startedAt: null, finishedAt: null, waitingFor: null }));
  }

  /** Nobody else repairs while we hold the lock: whatever still says "running" was abandoned. */
  async begin(): Promise<void> {
    this.#heartbeat = setInterval(() => void this.#write(), HEARTBEAT_MS);
    await this.#options.client
      .query(`update schema_repairs set state = 'failed', finished_at = now(), error = 'abandoned: its process ended before it did, at ' || seen_at where state = 'running'`)
      .catch((error: Error) => this.#complain(error));
    await this.#write();
  }

  set(id: string, state: StepState, more: { error?: string | null; waitingFor?: string | null } = {}): Promise<void> {
    const step = this.#steps.find((one) => one.id === id);
    if (!step) return Promise.resolve();
    const now = new Date().toISOString();
    Object.assign(step, { waitingFor: null, ...more, state });
    if (state === 'running') step.startedAt ??= now;
    else step.finishedAt = now;
    return this.#write();
  }

  async audit(row: AuditRow): Promise<void> {
    this.#unwritten.push(row);
    await this.#write();
  }

  async finish(error: string | null): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#error = error;
    this.#state = error === null ? 'done' : 'failed';
    await this.#write();
    if (this.#unwritten.length > 0) this.#options.log.warn({ repair: this.id, steps: this.#unwritten }, 'the audit of these steps could not be written');
  }

  /** One after the other, so that an older state never overwrites a newer one. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await this.#writeRecord().catch((error: Error) => this.#complain(error));
      await this.#writeAudit().catch((error: Error) => this.#complain(error));
    });
    return this.#writing;
  }

  async #writeRecord(): Promise<void> {
    const { client, requestedBy, action, planHash } = this.#options;
    const steps = JSON.stringify(this.#steps);
    const { rowCount } = await client.query(
      `update schema_repairs set state = $2, steps = $3, error = $4, seen_at = clock_timestamp(), finished_at = case when $2 <> 'running' then clock_timestamp() end where id = $1`,
      [this.id, this.#state, steps, this.#error],
    );
    if (rowCount !== 0) return;
    await client.query(
      `insert into schema_repairs (id, requested_by, action, plan_hash, state, steps, error, finished_at)
       values ($1, $2, $3, $4, $5, $6, $7, case when $5 <> 'running' then clock_timestamp() end)`,
      [this.id, requestedBy, action, planHash, this.#state, steps, this.#error],
    );
  }

  async #writeAudit(): Promise<void> {
    const { client, requestedBy } = this.#options;
    for (let row = this.#unwritten[0]; row; row = this.#unwritten[0]) {
      await client.query(
        `insert into activities (id, actor, action, subject_type, subject_id, details) values ($1, $2, $3, 'Schema', $4, $5)`,
        [uuidv7(), requestedBy, row.action, this.id, JSON.stringify({ repair: this.id, ...row.details })],
      );
      this.#unwritten.shift();
    }
  }

  #complain({ message }: Error): void {
    if (message === this.#complaint) return;
    this.#complaint = message;
    this.#options.log.warn({ repair: this.id, reason: message }, 'the repair goes on, although it cannot be written down yet');
  }
}
