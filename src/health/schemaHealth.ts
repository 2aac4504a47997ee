import { setTimeout as sleep } from 'node:timers/promises';
import { HealthConnection, type Answer, type Login } from './connection.ts';
import { expectedCatalog, type ExpectedCatalog } from './expectedCatalog.ts';
import { Inspector, type Inspection } from './inspector.ts';
import { lastKnown } from './lastKnown.ts';
import { missingFor, missingIn } from './missingParts.ts';
import { readPastDrifts, type DriftHistory } from './memory/readPastDrifts.ts';
import type { MissingParts, SchemaHealthMonitor, SchemaHealthOptions } from './monitor.ts';
import { readRepairs, type RepairHistory } from './repair/readRepairs.ts';
import type { SchemaHealthReport } from './report.ts';
import { withoutAnswer, withRefusal } from './unread.ts';

type Listener = (report: SchemaHealthReport) => void;

/** Watches one database. Construct it by `createSchemaHealth`. */
export class SchemaHealth implements SchemaHealthMonitor {
  readonly #options: SchemaHealthOptions;
  readonly #expected: ExpectedCatalog;
  readonly #connection: HealthConnection;
  readonly #inspector: Inspector;
  readonly #listeners = new Set<Listener>();
  readonly #stop = new AbortController();
  readonly #deadline: number;
  #latest: SchemaHealthReport | null = null;
  #known: SchemaHealthReport | null = null;
  #running: { report: Promise<SchemaHealthReport>; refresh: boolean } | null = null;
  #next: { report: Promise<SchemaHealthReport>; refresh: boolean } | null = null;
  #polling = false;
  #watching = false;

  constructor(options: SchemaHealthOptions, expected: ExpectedCatalog = expectedCatalog) {
    this.#options = options;
    this.#expected = expected;
    this.#connection = new HealthConnection(options.url);
    this.#inspector = new Inspector(expected, options.operations);
    this.#deadline = options.deadline ?? 2700;
  }

  get latest(): SchemaHealthReport | null {
    return this.#latest;
  }

  get identity(): string | null {
    return this.#inspector.identity;
  }

  get isBroken(): boolean {
    return this.#known?.status === 'BROKEN';
  }

  check({ refresh = false }: { refresh?: boolean } = {}): Promise<SchemaHealthReport> {
    const running = this.#running;
    if (!running) return this.#start(refresh);
    // The running check may have read before this caller's change: one more look is shared by all who came late. It is a
    // cheap one unless somebody asks for a reading and the running check may be none.
    const next = (this.#next ??= { refresh: false, report: running.report.then((report) => this.#afterwards(report)) });
    next.refresh ||= refresh && !running.refresh;
    return next.report;
  }

  async announce(): Promise<SchemaHealthReport> {
    const before = this.#latest;
    const report = await this.check({ refresh: true });
    if (before && verdictOf(before) === verdictOf(report)) this.#tell(report);
    return report;
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

  missingFor(coordinates: string | readonly string[], { quietly = false } = {}): MissingParts | null {
    return this.#known && missingFor(this.#known, [coordinates].flat(), quietly);
  }

  missingIn(message: string): MissingParts | null {
    return this.#known && missingIn(this.#known, message);
  }

  history(first: number): Promise<DriftHistory> {
    return readPastDrifts(this.#options.url, this.#expected.schemas[0] ?? 'public', first);
  }

  repairs(first: number): Promise<RepairHistory> {
    return readRepairs(this.#options.url, this.#expected.schemas[0] ?? 'public', first);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#listeners.clear();
    await this.#running?.report;
    await this.#connection.close();
  }

  #start(refresh: boolean, deadline = this.#deadline): Promise<SchemaHealthReport> {
    const report = this.#check(refresh, deadline)
      .then((checked) => this.#publish(checked))
      .finally(() => {
        this.#running = null;
        if (this.#stop.signal.aborted) return this.#connection.close();
      });
    this.#running = { report, refresh };
    return report;
  }

  /** For those who came during a check: another one, in what it left of their time. */
  #afterwards(report: SchemaHealthReport): SchemaHealthReport | Promise<SchemaHealthReport> {
    const refresh = this.#next?.refresh === true;
    this.#next = null;
    const left = this.#deadline - report.durationMs;
    if (report.status === 'UNREACHABLE' || left < this.#deadline / 2 || this.#stop.signal.aborted) return report;
    return this.#running ? this.check({ refresh }) : this.#start(refresh, left);
  }

  async #check(refresh: boolean, deadline: number): Promise<SchemaHealthReport> {
    const started = performance.now();
    const timeLeft = () => deadline - (performance.now() - started);
    const circumstances = () => ({ policy: this.#options.policy, checkedAt: new Date(), durationMs: performance.now() - started });
    try {
      const { value, refusal } = await this.#look(refresh, timeLeft);
      return withRefusal({ ...value, ...circumstances(), error: null }, refusal);
    } catch (error) {
      this.#inspector.forget();
      return { ...circumstances(), ...withoutAnswer(error as Error, this.#known) };
    }
  }

  /**
   * A glance at what was read before, or a reading. What turns out to have changed is read over a new session, which has
   * the role's new settings.
   */
  async #look(refresh: boolean, timeLeft: () => number): Promise<Answer<Inspection>> {
    const glances = this.#inspector.hasRead && !refresh;
    if (glances) {
      const { value, ...session } = await this.#connection.use(timeLeft(), null, (client) => this.#inspector.glance(client, timeLeft));
      if (value) return { value, ...session };
    }
    const before = this.#inspector.state;
    const read = (login: Login) => this.#connection.use(timeLeft(), login, (client) => this.#inspector.read(client, timeLeft));
    const answer = await read(glances ? 'first' : 'beside');
    return answer.isNew || answer.refusal !== null || this.#inspector.state === before ? answer : read('first');
  }

  #publish(checked: SchemaHealthReport): SchemaHealthReport {
    const before = this.#latest;
    this.#known = lastKnown(checked, this.#known);
    const report = checked.database === null ? checked : { ...checked, features: this.#known.features };
    this.#latest = report;
    if (before && verdictOf(before) === verdictOf(report)) return report;
    this.#tell(report);
    if (before) this.#log(report);
    return report;
  }

  /** One listener's fault is no other's. */
  #tell(report: SchemaHealthReport): void {
    for (const listener of this.#listeners) {
      try {
        listener(report);
      } catch (error) {
        this.#options.log.warn({ err: error }, 'A listener of schema health failed.');
      }
    }
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
      await sleep(this.#options.pollEvery ?? 1500, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
    }
    this.#polling = false;
  }
}

/** What listeners care about: everything but when and how long. */
function verdictOf({ status, fingerprint, drift, unverified, error }: SchemaHealthReport): string {
  return JSON.stringify([status, fingerprint, drift.map(({ id }) => id), unverified, error]);
}
