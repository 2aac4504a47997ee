import type { Client } from 'pg';
import { Evidence } from './evidence/gatherEvidence.ts';
import { Places } from './evidence/places.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { findingId, type Finding } from './finding.ts';
import { judge, type Judgement } from './judge.ts';
import { readMemory } from './memory/readMemory.ts';
import { FirstSeen, remember } from './memory/remember.ts';
import type { OperationMap } from './monitor.ts';
import { proveSpellings } from './proof/proveSpellings.ts';
import { readLive, readState, scopeOf, type ReadOptions, type Reading } from './readCatalog.ts';
import type { DatabaseInfo, SchemaDrift } from './report.ts';
import { withRepairs } from './withRepairs.ts';

/** Rows change without the schema: what they say about a difference is looked at again this often while it lasts. */
const EVIDENCE_LASTS_MS = 60_000;

/** What other processes know of a difference is asked again this often while nothing changes. */
const MEMORY_LASTS_MS = 5000;

/** For all rows that are looked at in one check; less while somebody holds a lock, when the answer is wanted at once. */
const EVIDENCE_MS = { usually: 700, locked: 60 };

/** What a check found, but for its circumstances. */
export type Inspection = Judgement & { database: DatabaseInfo };

/** The last reading that was complete, and what it came to. */
interface Known {
  at: number;
  state: string;
  withHistory: boolean;
  judgement: Judgement;
  database: DatabaseInfo;
}

/** Reads, compares and explains; remembers its last reading, so that an unchanged schema is not read again. */
export class Inspector {
  readonly #expected: ExpectedCatalog;
  readonly #operations: OperationMap;
  readonly #evidence = new Evidence();
  readonly #firstSeen = new FirstSeen();
  #known: Known | null = null;
  #state: string | null = null;
  #identity: string | null = null;
  #remembered: { of: Judgement; at: number; drift: SchemaDrift[] } | null = null;

  constructor(expected: ExpectedCatalog, operations: OperationMap) {
    this.#expected = expected;
    this.#operations = operations;
  }

  /** Whether there is anything to glance at. */
  get hasRead(): boolean {
    return this.#known !== null;
  }

  /** What the last reading found, whole or not; two that are equal mean that nothing has changed in between. */
  get state(): string | null {
    return this.#state;
  }

  /** Which database was read last. */
  get identity(): string | null {
    return this.#identity;
  }

  /** What the last reading came to, when nothing that is judged has changed since; null: read again. */
  async glance(client: Client, timeLeft: () => number): Promise<Inspection | null> {
    const known = this.#known;
    if (known === null || (known.judgement.drift.length > 0 && performance.now() - known.at > EVIDENCE_LASTS_MS)) return null;
    const state = await readState(client, this.#readOptions(timeLeft), known.withHistory).catch(ifAnswered);
    return state === known.state ? this.#withMemory(client, known) : null;
  }

  /**
   * Reads everything, and judges it.
   * @param timeLeft ms until the check has to answer
   */
  async read(client: Client, timeLeft: () => number): Promise<Inspection> {
    this.#known = null;
    const reading = await readLive(client, this.#readOptions(timeLeft));
    this.#state = reading.state;
    this.#identity = reading.catalog.identity;
    const database = { ...reading.catalog.database, latencyMs: reading.latencyMs };
    const { findings, ...judged } = await judge(this.#expected, reading, this.#operations, (found) => proveSpellings(client, found, this.#expected, reading.catalog));
    const judgement = await this.#withEvidence(client, judged, findings, reading, timeLeft);
    if (judgement.unverified.length === 0) this.#known = { at: performance.now(), state: reading.state, withHistory: 'rows' in reading.history, judgement, database };
    return this.#withMemory(client, { judgement, database });
  }

  /** The next check reads everything. */
  forget(): void {
    this.#known = null;
    this.#state = null;
  }

  #readOptions(timeLeft: () => number): ReadOptions {
    return { ...scopeOf(this.#expected), statementTimeoutMs: timeLeft() - 200 };
  }

  async #withEvidence(client: Client, judgement: Judgement, findings: readonly Finding[], { catalog }: Reading, timeLeft: () => number): Promise<Judgement> {
    if (findings.length === 0) return judgement;
    const byId = new Map(findings.map((finding) => [findingId(finding), finding]));
    const urgentFirst = judgement.drift.flatMap(({ id }) => byId.get(id) ?? []);
    const budget = Math.min(catalog.blockers.length > 0 ? EVIDENCE_MS.locked : EVIDENCE_MS.usually, timeLeft() - 500);
    const evidence = await this.#evidence.gather(client, urgentFirst, new Places(this.#expected, catalog), budget);
    const drift = judgement.drift.map((item) => ({ ...item, evidence: evidence.get(item.id)?.evidence ?? null }));
    const obstructed = new Map(drift.flatMap(({ id, evidence: said }) => (said !== null && (evidence.get(id)?.rows ?? 0) > 0 ? [[id, said] as const] : [])));
    return obstructed.size === 0 ? { ...judgement, drift } : withRepairs({ ...judgement, drift }, findings, { expected: this.#expected, live: catalog, obstructed });
  }

  /** Since when, and who: other processes may know by now. */
  async #withMemory(client: Client, { judgement, database }: Pick<Known, 'judgement' | 'database'>): Promise<Inspection> {
    const { drift, unverified } = judgement;
    // What cannot be read just now may still differ.
    if (unverified.length === 0) this.#firstSeen.keep(drift.map(({ id }) => id));
    if (drift.length === 0) return { ...judgement, database };
    if (this.#remembered?.of !== judgement || performance.now() - this.#remembered.at > MEMORY_LASTS_MS) {
      const memory = await readMemory(client, database.schema, drift);
      this.#remembered = { of: judgement, at: performance.now(), drift: remember(drift, memory, this.#firstSeen, database.schema) };
    }
    return { ...judgement, database, drift: this.#remembered.drift };
  }
}

/** An error of the statement itself means: look closer. A broken connection is for the caller to replace. */
function ifAnswered(error: unknown): null {
  if ((error as { severity?: string }).severity === 'ERROR') return null;
  throw error;
}
