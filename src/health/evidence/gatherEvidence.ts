import type { ClientBase } from 'pg';
import { findingId, type Finding } from '../finding.ts';
import { readOnly } from '../readOnly.ts';
import { duplicates } from './duplicates.ts';
import { hiddenRows } from './hiddenRows.ts';
import { nulls } from './nulls.ts';
import { orphans } from './orphans.ts';
import { outdated } from './outdated.ts';
import type { Places } from './places.ts';
import type { Found, Question } from './question.ts';
import { sequenceDistance } from './sequenceDistance.ts';
import { surplusLabels } from './surplusLabels.ts';
import { violations } from './violations.ts';

const kinds = [orphans, duplicates, nulls, violations, outdated, surplusLabels, sequenceDistance, hiddenRows];

/** Half for a count, half for a sample in its place. */
const QUESTION_MS = 250;

/** Beyond this, reading all of it would be felt (blocks of 8 kB). */
const MANY_PAGES = 50_000;

/** Blocks of a sample. */
const SAMPLE_PAGES = 500;

const LOCK_TIMEOUT_MS = 20;

/** Of a count's own duration, how long its answer is good: looking at rows may take a tenth of the time. */
const REST = 10;

/** What the rows say, and of how many it is true. */
export interface Told {
  evidence: string | null;
  rows: number;
}

interface Counted extends Told {
  at: number;
  durationMs: number;
}

/** Remembers what the rows said, so that a slow count is not repeated at once. */
export class Evidence {
  readonly #counted = new Map<string, Counted>();

  /**
   * What the rows say about each finding, by its id; null where it was not counted. Takes `budgetMs` at most, never
   * waits for a lock, and fails only with the connection.
   */
  async gather(client: ClientBase, findings: readonly Finding[], places: Places, budgetMs: number): Promise<ReadonlyMap<string, Told>> {
    const deadline = performance.now() + budgetMs;
    const asked = findings.flatMap((finding) => {
      const question = questionAbout(finding, places);
      return question ? [{ id: findingId(finding), question }] : [];
    });
    this.#forgetAllBut(asked.map(({ id }) => id));
    for (const { id, question } of asked) {
      const started = performance.now();
      const before = this.#counted.get(id);
      if (before && started < before.at + REST * before.durationMs) continue;
      const left = Math.min(QUESTION_MS, deadline - started);
      if (left < 5) break;
      const told = places.live.locked.includes(question.table) ? unknown : await answer(client, question, places, left);
      this.#counted.set(id, { ...told, at: started, durationMs: performance.now() - started });
    }
    return this.#counted;
  }

  #forgetAllBut(ids: readonly string[]): void {
    for (const id of this.#counted.keys()) if (!ids.includes(id)) this.#counted.delete(id);
  }
}

function questionAbout(finding: Finding, places: Places): Question | null {
  for (const ask of kinds) {
    const question = ask(finding, places);
    if (question) return question;
  }
  return null;
}

const unknown: Told = { evidence: null, rows: 0 };

/** Counts; where that takes too long looks at a sample. */
async function answer(client: ClientBase, question: Question, places: Places, timeoutMs: number): Promise<Told> {
  const { table, sql, sampleSql, say } = question;
  const ask = async (statement: string): Promise<Record<string, unknown> | undefined> => {
    const options = { schema: places.live.database.schema, statementTimeoutMs: timeoutMs / 2, lockTimeoutMs: LOCK_TIMEOUT_MS, rowSecurity: true };
    return (await readOnly(client, options, statement))[0]?.rows[0];
  };
  try {
    const { pages, rows } = await sizeOf(ask, places.sqlName(table));
    const isLarge = pages > MANY_PAGES && sampleSql !== null;
    const whole = isLarge ? null : await ask(sql).catch(ifCancelled);
    const tell = (found: Found): Told => ({ evidence: say(found), rows: found.n });
    if (whole) return tell(foundIn(whole, null));
    if (sampleSql === null) return unknown;
    const percent = pages > 0 ? Math.min(100, (100 * SAMPLE_PAGES) / pages) : 1;
    const some = await ask(sampleSql(percent));
    const read = Number(some?.['read'] ?? 0);
    if (!some || read === 0) return unknown;
    return tell(foundIn(some, { read, total: rows >= 0 ? rows : (read * 100) / percent }));
  } catch (error) {
    return unlessLost(error);
  }
}

async function sizeOf(ask: (sql: string) => Promise<Record<string, unknown> | undefined>, name: string): Promise<{ pages: number; rows: number }> {
  const row = await ask(`select relpages::float8 as pages, reltuples::float8 as rows from pg_class where oid = '${name.replaceAll("'", "''")}'::regclass`);
  return { pages: Number(row?.['pages'] ?? 0), rows: Number(row?.['rows'] ?? -1) };
}

function foundIn(row: Record<string, unknown>, sample: Found['sample']): Found {
  const { n, other = null, example = null } = row as { n: number | null; other?: number | null; example?: string | null };
  return { n: n ?? 0, other, example, sample };
}

/** The statement took too long: there is another way. */
function ifCancelled(error: unknown): null {
  if ((error as { code?: string }).code === '57014') return null;
  throw error;
}

/** What was not counted is null, whatever PostgreSQL had against it; only a lost connection is the caller's. */
function unlessLost(error: unknown): { evidence: null; rows: number } {
  if ((error as { severity?: string }).severity !== 'ERROR') throw error;
  return { evidence: null, rows: 0 };
}
