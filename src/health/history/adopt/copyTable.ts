import { escapeIdentifier, type Client } from 'pg';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { convertRow, type TableMapping } from './convertRow.ts';
import { NotConvertible } from './convertValue.ts';
import type { TargetRow } from './derive.ts';
import { reconcile, type Seen } from './reconcile.ts';

/** What became of the rows of one table. Every row stays in the table that is set aside, whatever became of it. */
export interface TableOutcome {
  table: string;
  rows: number;
  /** taken over as they are */
  fits: number;
  converted: number;
  notConvertible: number;
  /** why rows were not taken over */
  reasons: Tally[];
  /** what was given up or made up */
  notes: Tally[];
  /** columns that nothing here takes */
  unusedColumns: string[];
  /** "error from error_message", "status: character varying becomes job_status" */
  changes: string[];
  /** columns of ours that nothing there gives: computed, or their default */
  missingColumns: string[];
}

export interface Tally {
  text: string;
  rows: number;
  /** ids there, five at most */
  examples: string[];
}

interface Copying {
  client: Client;
  expected: ExpectedCatalog;
  mapping: TableMapping;
  /** schema of our table */
  to: string;
  outcome: TableOutcome;
}

interface Pair {
  source: TargetRow;
  target: TargetRow;
}

const BATCH = 500;
const EXAMPLES = 5;

/** Takes the rows of `from.table` over into `to.table`, within the caller's transaction. */
export async function copyTable(client: Client, expected: ExpectedCatalog, mapping: TableMapping, from: string, fromName: string, to: string): Promise<TableOutcome> {
  const { table } = mapping;
  const outcome: TableOutcome = { table, rows: 0, fits: 0, converted: 0, notConvertible: 0, reasons: [], notes: [], unusedColumns: mapping.unused, changes: [], missingColumns: mapping.columns.filter(({ sources }) => sources.length === 0).map(({ name }) => name) };
  const copying: Copying = { client, expected, mapping, to, outcome };
  const seen: Seen = { keys: new Set(), open: new Set() };
  // The older of two that collide keeps its key.
  const order = ['created_at', 'id'].flatMap((name) => mapping.columns.find((column) => column.name === name)?.sources[0] ?? []).map((name) => escapeIdentifier(name));
  const source = `${escapeIdentifier(from)}.${escapeIdentifier(fromName)}`;
  await client.query(`declare adopted no scroll cursor for select to_jsonb(t) as row from ${source} t${order.length > 0 ? ` order by ${order.join(', ')}` : ''}`);
  for (;;) {
    const { rows } = await client.query<{ row: TargetRow }>(`fetch ${BATCH} from adopted`);
    if (rows.length === 0) break;
    outcome.rows += rows.length;
    await write(copying, await reconciled(copying, rows.flatMap(({ row }) => convert(copying, row)), seen));
  }
  await client.query('close adopted');
  return outcome;
}

function convert({ mapping, expected, outcome }: Copying, source: TargetRow): Pair[] {
  try {
    return [{ source, target: convertRow(mapping, expected, source, (text) => tally(outcome.notes, text, source)) }];
  } catch (error) {
    if (!(error instanceof NotConvertible)) throw error;
    outcome.notConvertible += 1;
    tally(outcome.reasons, error.message, source);
    return [];
  }
}

async function reconciled({ client, expected, mapping, to, outcome }: Copying, pairs: readonly Pair[], seen: Seen): Promise<Pair[]> {
  const verdicts = await reconcile(client, expected, mapping.table, to, pairs.map(({ target }) => target), seen);
  return pairs.filter(({ source }, index) => {
    const { notes = [], refused = null } = verdicts[index] ?? {};
    if (refused !== null) {
      outcome.notConvertible += 1;
      tally(outcome.reasons, refused, source);
      return false;
    }
    notes.forEach((note) => tally(outcome.notes, note, source));
    return true;
  });
}

/** All at once; where the database refuses one of them, by halves, so that it refuses only that one. */
async function write(copying: Copying, pairs: readonly Pair[]): Promise<void> {
  const [first] = pairs;
  if (first === undefined) return;
  const { outcome } = copying;
  const refusal = await attempt(copying, pairs);
  if (refusal === null) {
    const fits = pairs.filter(isUnchanged).length;
    outcome.fits += fits;
    outcome.converted += pairs.length - fits;
  } else if (pairs.length === 1) {
    outcome.notConvertible += 1;
    tally(outcome.reasons, refusal, first.source);
  } else {
    const middle = Math.ceil(pairs.length / 2);
    await write(copying, pairs.slice(0, middle));
    await write(copying, pairs.slice(middle));
  }
}

/** Answers why the database refuses; null when the rows are written. */
async function attempt({ client, mapping, to }: Copying, pairs: readonly Pair[]): Promise<string | null> {
  const names = mapping.columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const values = mapping.columns.map(({ name, column: { default: value } }) => (value === null ? `r.${escapeIdentifier(name)}` : `coalesce(r.${escapeIdentifier(name)}, ${value})`)).join(', ');
  const target = `${escapeIdentifier(to)}.${escapeIdentifier(mapping.table)}`;
  await client.query('savepoint adopted_rows');
  try {
    await client.query(`insert into ${target} (${names}) select ${values} from jsonb_populate_recordset(null::${target}, $1::jsonb) r`, [JSON.stringify(pairs.map((pair) => pair.target))]);
    await client.query('release savepoint adopted_rows');
    return null;
  } catch (error) {
    if ((error as { severity?: string }).severity !== 'ERROR') throw error;
    await client.query('rollback to savepoint adopted_rows; release savepoint adopted_rows');
    return (error as Error).message;
  }
}

function isUnchanged({ source, target }: Pair): boolean {
  return Object.entries(source).every(([name, value]) => JSON.stringify(value) === JSON.stringify(target[name]));
}

function tally(list: Tally[], text: string, source: TargetRow): void {
  let found = list.find((item) => item.text === text);
  if (!found) list.push((found = { text, rows: 0, examples: [] }));
  found.rows += 1;
  if (found.examples.length < EXAMPLES) found.examples.push(String(source['id'] ?? Object.values(source)[0]));
}
