import type { RepairRisk } from '../report.ts';
import type { Mending, Scene } from './mending.ts';

/**
 * Rows that PostgreSQL gets through in a millisecond: the lower ends of what was measured with PostgreSQL 15 on two cores,
 * on a million rows of 170 bytes. A rewrite builds the table's indexes again (three, in that measurement).
 */
const rowsPerMs = { scan: 6_000, sort: 1_000, rewrite: 100 };

/** A change in the catalog only. */
export const CATALOG_MS = 2;

/** Everybody who waits behind a strong lock for longer than this notices. */
const NOTICED_MS = 500;

type Work = keyof typeof rowsPerMs;

/** How long it takes to read a table (scan), build an index over it (sort) or write it again (rewrite), in ms; null when its size is not known. */
export function costOf(work: Work, table: string, { live }: Scene): number | null {
  const { rows = 0 } = live.relations[table] ?? {};
  return rows < 0 ? null : Math.round(CATALOG_MS + rows / rowsPerMs[work]);
}

/** For work on all rows while others wait: SAFE when nobody notices it. */
export function whileOthersWait(work: Work, table: string, scene: Scene): Pick<Mending, 'estimatedMs' | 'risk' | 'note'> {
  const estimatedMs = costOf(work, table, scene);
  const risk: RepairRisk = estimatedMs !== null && estimatedMs <= NOTICED_MS ? 'SAFE' : 'CAUTION';
  const doing = { scan: 'It reads the whole table', sort: 'It builds an index over the whole table', rewrite: 'It writes every row again' }[work];
  return { estimatedMs, risk, note: risk === 'SAFE' ? undefined : `${doing} while everybody else waits.` };
}
