import { setTimeout as sleep } from 'node:timers/promises';
import { HealthConnection, UnreachableError } from './connection.ts';
import { expectedCatalog, type ExpectedCatalog } from './expectedCatalog.ts';
import { featureOf, nameOf, noFeature } from './features.ts';
import { stopsOperations } from './finding.ts';
import { judge } from './judge.ts';
import type { MissingParts, SchemaHealthMonitor, SchemaHealthOptions } from './monitor.ts';
import { proveSpellings } from './proof/proveSpellings.ts';
import { readLive, readState, type ReadOptions } from './readCatalog.ts';
import type { SchemaHealthReport } from './report.ts';
import { mendingCommand } from './verdict.ts';

type Listener = (report: SchemaHealthReport) => void;

/** Watches one database. Construct it by `createSchemaHealth`. */
export class SchemaHealth implements SchemaHealthMonitor {
  readonly #options: SchemaHealthOptions;
  readonly #expected: ExpectedCatalog;
  readonly #connection: HealthConnection;
  readonly #listeners = new Set<Listener>();
  readonly #stop = new AbortController();
  readonly #deadline: number;
  #latest: SchemaHealthReport | null = null;
  /** what was read, and whether the history was part of it; null when the last check read less than all */
  #seen: { state: string; withHistory: boolean } | null = null;
  #running: Promise<SchemaHealthReport> | null = null;
  #next: Promise<SchemaHealthReport> | null = null;
  #polling = false;
  #watching = false;

  constructor(options: SchemaHealthOptions, expected: ExpectedCatalog = expectedCatalog) {
    this.#options = options;
    this.#expected = expected;
    this.#connection = new HealthConnection(options.url);
    this.#deadline = options.deadline ?? 2700;
  }

  get latest(): SchemaHealthReport | null {
    return this.#latest;
  }

  check({ refresh = false }: { refresh?: boolean } = {}): Promise<SchemaHealthReport> {
    if (!this.#running) return this.#start(refresh);
    // The running check may have read before this caller's change: one more, cheap look is shared by all who came late.
    this.#next ??= this.#running.then((report) => {
      this.#next = null;
      return report.status === 'UNREACHABLE' ? report : this.check();
    });
    return this.#next;
  }

  watch(): void {
    this.#watching = true;
    if (!this.#polling) void this.#poll();
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (!this.#polling) void this.#poll();
    return () => this.#listeners.delete(listener);
  }

  missingFor(coordinate: string): MissingParts | null {
    const report = this.#latest;
    if (!report || report.status !== 'BROKEN') return null;
    const causes = report.drift.filter((drift) => stopsOperations(drift) && drift.affects.includes(coordinate));
    const first = causes[0];
    if (!first) return null;
    return {
      feature: report.features.find(({ missing }) => missing.includes(nameOf(first)))?.feature ?? featureOf(first.table) ?? 'PROSPECTS',
      missing: [...new Set(causes.map(nameOf))],
      fix: mendingCommand(report.drift) ?? 'outrider schema check',
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#listeners.clear();
    await this.#running;
    await this.#connection.close();
  }

  #start(refresh: boolean): Promise<SchemaHealthReport> {
    this.#running = this.#check(refresh)
      .then((report) => this.#publish(report))
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #check(refresh: boolean): Promise<SchemaHealthReport> {
    const started = performance.now();
    const circumstances = () => ({ policy: this.#options.policy, checkedAt: new Date(), durationMs: performance.now() - started });
    try {
      return await this.#connection.use(this.#deadline, async (client) => {
        const options = this.#readOptions(started);
        if (!refresh && this.#latest && this.#seen && (await readState(client, options, this.#seen.withHistory).catch(ifAnswered)) === this.#seen.state) {
          return { ...this.#latest, ...circumstances() };
        }
        const asked = performance.now();
        const reading = await readLive(client, options);
        const latencyMs = performance.now() - asked;
        const judged = await judge(this.#expected, reading, this.#options.operations, (findings) => proveSpellings(client, findings, this.#expected, reading.catalog));
        this.#seen = judged.unverified.length > 0 ? null : { state: reading.state, withHistory: 'rows' in reading.history };
        return { ...judged, ...circumstances(), database: { ...reading.catalog.database, latencyMs }, error: null };
      });
    } catch (error) {
      this.#seen = null;
      return { ...circumstances(), ...withoutAnswer(error as Error, this.#latest) };
    }
  }

  #readOptions(started: number): ReadOptions {
    const left = this.#deadline - (performance.now() - started);
    return { schemas: this.#expected.schemas, relations: Object.keys(this.#expected.relations), statementTimeoutMs: left - 200 };
  }

  #publish(report: SchemaHealthReport): SchemaHealthReport {
    const before = this.#latest;
    this.#latest = report;
    if (before && verdictOf(before) === verdictOf(report)) return report;
    for (const listener of this.#listeners) listener(report);
    if (before) this.#log(report);
    return report;
  }

  #log({ status, summary, migrations }: SchemaHealthReport): void {
    const fields = { status, migrationHead: migrations?.head ?? null, expectedHead: this.#expected.migrations.at(-1)?.name ?? null };
    if (status === 'READY') this.#options.log.info(fields, summary);
    else this.#options.log.warn(fields, summary);
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    while ((this.#watching || this.#listeners.size > 0) && !this.#stop.signal.aborted) {
      await this.check();
      await sleep(this.#options.pollEvery ?? 2000, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
    }
    this.#polling = false;
  }
}

/** An error of the statement itself means: look closer. A broken connection is for the caller to replace. */
function ifAnswered(error: unknown): null {
  if ((error as { severity?: string }).severity === 'ERROR') return null;
  throw error;
}

/** What could not be asked is said, and nothing is called READY; features are as they were last seen. */
function withoutAnswer(error: Error, last: SchemaHealthReport | null): Omit<SchemaHealthReport, 'policy' | 'checkedAt' | 'durationMs'> {
  const nothing = { fingerprint: null, database: null, migrations: null, drift: [], blockers: [], repairPlan: [], planHash: null };
  if (error instanceof UnreachableError) {
    return { ...nothing, status: 'UNREACHABLE', summary: error.message, features: noFeature(), unverified: [], error: error.message };
  }
  const reason = `The catalog could not be read: ${error.message}.`;
  return { ...nothing, status: 'UNVERIFIED', summary: reason, features: last?.features ?? noFeature(), unverified: [{ object: 'the whole schema', reason }], error: reason };
}

/** What listeners care about: everything but when and how long. */
function verdictOf({ status, fingerprint, drift, unverified, error }: SchemaHealthReport): string {
  return JSON.stringify([status, fingerprint, drift.map(({ id }) => id), unverified, error]);
}
