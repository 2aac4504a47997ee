import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { OutriderError, UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { REPAIR_APPLICATION } from '../../migrate/lock.ts';
import { expectedCatalog } from '../expectedCatalog.ts';
import type { SchemaHealthMonitor } from '../monitor.ts';
import type { RepairStep, SchemaHealthReport } from '../report.ts';
import { aheadRefusal } from '../startRefusal.ts';
import { applyMigrations } from './applyMigrations.ts';
import { chooseSteps, requireHash, requirePlan, type RepairRequest } from './choose.ts';
import { openOwnerSession, tryMigrationLock } from './ownerSession.ts';
import { pendingSteps } from './pendingSteps.ts';
import { RepairRecord } from './record.ts';
import type { RepairObserver, RepairProgress, RepairRun } from './run.ts';
import { runSteps } from './runSteps.ts';
import { patience, type Patience } from './runStep.ts';
import { identityJson } from '../sql/identity.ts';
import { reasonOf } from '../unreachable.ts';

export interface SchemaRepairsOptions {
  health: SchemaHealthMonitor;
  /** connects as the role that owns the schema */
  ownerUrl: string;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  patience?: Patience;
}

/** How often schema health looks again after a run, and how long it waits in between (ms). */
const mostAgain = 4;
const againMs = 300;

/**
 * Mends the schema of one database, and applies its pending migrations. What was begun goes on until it is done or
 * `close` is called, whatever becomes of who asked for it.
 */
export class SchemaRepairs {
  readonly #options: SchemaRepairsOptions;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: SchemaRepairsOptions) {
    this.#options = options;
  }

  /** The steps of the present plan that a request would run. @throws {UserErrors} INVALID */
  async preview(stepIds: RepairRequest['stepIds']): Promise<{ health: SchemaHealthReport; steps: RepairStep[] }> {
    const health = await this.#check();
    return { health, steps: chooseSteps(health, stepIds) };
  }

  /**
   * Begins exactly the plan that was read. @throws {UserErrors} STALE, INVALID, or CONFLICT while another repair or
   * migration runs, in whatever process; nothing was changed then
   */
  async repair({ planHash, stepIds, by }: RepairRequest & { by: string }, observer: RepairObserver = {}): Promise<RepairRun> {
    requireHash(planHash);
    const client = await this.#open(REPAIR_APPLICATION);
    const recorder = await this.#open('outrider repair record').catch((error: Error) => end(client, error));
    let health: SchemaHealthReport;
    let chosen: RepairStep[];
    try {
      if (!(await tryMigrationLock(client))) throw conflict();
      // Under the lock, so that no repair or migration can come between the plan and its first step.
      health = await this.#check();
      await this.#requireSame(client);
      requirePlan(health, planHash);
      chosen = chooseSteps(health, stepIds);
    } catch (error) {
      await recorder.end();
      return await end(client, error as Error);
    }
    const record = new RepairRecord({ client: recorder, requestedBy: by, action: 'repair', planHash: planHash ?? null, steps: chosen, log: this.#options.log });
    return this.#follow(record, [recorder, client], async (progress) => {
      const { repairPlan: plan, drift } = health;
      const cancel = () => void recorder.query('select pg_cancel_backend($1)', [pidOf(client)]).catch(() => {});
      this.#stop.signal.addEventListener('abort', cancel);
      await runSteps({ client, watcher: recorder, plan, chosen, drift, record, patience: this.#options.patience ?? patience, signal: this.#stop.signal, observer }, progress);
      this.#stop.signal.removeEventListener('abort', cancel);
    });
  }

  /**
   * What migrating would apply. @throws {UserErrors} SCHEMA_NOT_READY when the history has to be mended first, and where a
   * later version has migrated and what this one needs is not there
   */
  async pending(): Promise<{ steps: RepairStep[]; health: SchemaHealthReport }> {
    const steps = await pendingSteps(this.#options.ownerUrl);
    const health = await this.#check();
    const refusal = steps.length === 0 ? aheadRefusal(health) : null;
    if (refusal !== null) throw new UserErrors({ code: UserErrorCode.SCHEMA_NOT_READY, message: refusal });
    return { steps, health };
  }

  /** Begins to apply every pending migration. @throws {UserErrors} CONFLICT, and as `pending` does */
  async migrate({ by }: { by: string }, observer: RepairObserver = {}): Promise<RepairRun> {
    const { ownerUrl, log } = this.#options;
    const { steps, health } = await this.pending();
    if (steps.length === 0) return { progress: { executed: [], failed: [], skipped: [] }, settled: Promise.resolve(health) };
    const recorder = await this.#open('outrider repair record');
    await this.#requireSame(recorder).catch((error: Error) => end(recorder, error));
    const record = new RepairRecord({ client: recorder, requestedBy: by, action: 'migrate', planHash: null, steps, log });
    const migration = applyMigrations({ ownerUrl, steps, by, record, observer, log });
    try {
      await migration.begun;
    } catch (error) {
      await recorder.end();
      throw error;
    }
    return this.#follow(record, [recorder], migration.into);
  }

  /** The schema as it was last seen: what a repair is doing would only hold up another look. */
  present(): Promise<SchemaHealthReport> {
    const { health } = this.#options;
    return health.latest ? Promise.resolve(health.latest) : health.check();
  }

  /** Stops what runs: its statement is cancelled, and what that leaves behind is removed. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** Carries a run to its end, and tells everybody who listens to the health of the schema. */
  #follow(record: RepairRecord, clients: Client[], work: (progress: RepairProgress) => Promise<void>): RepairRun {
    const { log } = this.#options;
    const progress: RepairProgress = { executed: [], failed: [], skipped: [] };
    const run = async (): Promise<SchemaHealthReport> => {
      await record.begin();
      await work(progress);
      await record.finish(progress.failed.map(({ error }) => error).join(' ') || null);
      for (const client of clients) await client.end().catch(() => {});
      const counts = { repair: record.id, executed: progress.executed.length, failed: progress.failed.length, skipped: progress.skipped.length };
      log.info(counts, 'a repair of the schema ended');
      return this.#announce();
    };
    const settled = run().finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return { progress, settled };
  }

  /** Looks again where something could not be read: workers that waited for the schema take locks as they begin. */
  async #announce(): Promise<SchemaHealthReport> {
    const { health } = this.#options;
    let report = await health.announce();
    for (let again = 0; again < mostAgain && report.status === 'UNVERIFIED' && !this.#stop.signal.aborted; again += 1) {
      await delay(againMs);
      report = await health.announce();
    }
    return report;
  }

  async #check(): Promise<SchemaHealthReport> {
    const health = await this.#options.health.check({ refresh: true });
    if (health.status === 'UNREACHABLE') throw new OutriderError('DATABASE_UNAVAILABLE', health.summary);
    return health;
  }

  /** @throws {UserErrors} NOT_CONFIGURED when the owner is let into another database than the one that was checked */
  async #requireSame(client: Client): Promise<void> {
    const { rows } = await client.query<{ identity: string; name: string }>(`select ${identityJson} as identity, current_database() as name`);
    const { health } = this.#options;
    if (rows[0]?.identity === health.identity) return;
    throw new UserErrors({
      code: UserErrorCode.NOT_CONFIGURED,
      message: `DATABASE_OWNER_URL leads to another database than DATABASE_URL (${rows[0]?.name}, not ${health.latest?.database?.name}, or one of that name on another server): nothing was changed. Give both the same one.`,
    });
  }

  async #open(applicationName: string): Promise<Client> {
    try {
      return await openOwnerSession(this.#options.ownerUrl, expectedCatalog.schemas[0] ?? 'public', applicationName);
    } catch (error) {
      throw new OutriderError('DATABASE_UNAVAILABLE', `The role of DATABASE_OWNER_URL cannot connect: ${reasonOf(error)}.`, { cause: error });
    }
  }
}

function conflict(): UserErrors {
  return new UserErrors({ code: UserErrorCode.CONFLICT, message: 'Another repair or migration is running: wait for its end, then read the plan again.' });
}

async function end(client: Client, error: Error): Promise<never> {
  await client.end().catch(() => {});
  throw error;
}

function pidOf(client: Client): number | undefined {
  return (client as Client & { processID?: number }).processID;
}
