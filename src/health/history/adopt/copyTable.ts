import { escapeIdentifier, type Client } from 'pg';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { convertRow, type TableMapping } from './convertRow.ts';
import { NotConvertible } from './convertValue.ts';
import type { TargetRow } from './derive.ts';

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
  // The older of two that collide keeps its key.
  const order = ['created_at', 'id'].flatMap((name) => mapping.columns.find((column) => column.name === name)?.sources[0] ?? []).map((name) => escapeIdentifier(name));
  const source = `${escapeIdentifier(from)}.${escapeIdentifier(fromName)}`;
  await client.query(`declare adopted no scroll cursor for select to_jsonb(t) as row from ${source} t${order.length > 0 ? ` order by ${order.join(', ')}` : ''}`);
  for (;;) {
    const { rows } = await client.query<{ row: TargetRow }>(`fetch ${BATCH} from adopted`);
    if (rows.length === 0) break;
    outcome.rows += rows.length;
    await write(copying, rows.flatMap(({ row }) => convert(copying, row)));
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

/** All at once; where the database refuses one of them, by halves, so that it refuses only that one. */
async function write(copying: Copying, pairs: readonly Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  const refusal = await attempt(copying, pairs);
  if (refusal === null) {
    const fits = pairs.filter(isUnchanged).length;
    copying.outcome.fits += fits;
    copying.outcome.converted += pairs.length - fits;
    return;
  }
  const [pair] = pairs;
  if (pairs.length === 1 && pair !== undefined) return writeRefused(copying, pair, refusal);
  const middle = Math.ceil(pairs.length / 2);
  await write(copying, pairs.slice(0, middle));
  await write(copying, pairs.slice(middle));
}

async function writeRefused(copying: Copying, { source, target }: Pair, refusal: Refusal): Promise<void> {
  const { outcome } = copying;
  const remedy = remedyFor(copying, target, refusal);
  if (remedy !== null) {
    tally(outcome.notes, remedy.note, source);
    return write(copying, [{ source, target: remedy.row }]);
  }
  outcome.notConvertible += 1;
  tally(outcome.reasons, refusal.message, source);
}

interface Refusal {
  code?: string;
  constraint?: string;
  message: string;
}

async function attempt({ client, mapping, to }: Copying, pairs: readonly Pair[]): Promise<Refusal | null> {
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
    return error as Refusal;
  }
}

/** What keeps a row that collides with another, or refers to what is not there; null where nothing honest does. */
function remedyFor({ expected, mapping }: Copying, target: TargetRow, { code, constraint = '' }: Refusal): { row: TargetRow; note: string } | null {
  const own = `#${String(target['id'])}`;
  if (code === '23503') {
    const column = expected.relations[mapping.table]?.constraints[constraint]?.columns[0] ?? '';
    const nullable = expected.relations[mapping.table]?.columns[column]?.notNull === false;
    return nullable ? { row: { ...target, [column]: null }, note: `${column} refers to a row that is not there: it refers to none here` } : null;
  }
  if (code !== '23505') return null;
  if (constraint.endsWith('canonical_key') && !String(target['canonical_key']).endsWith(own)) {
    return { row: { ...target, canonical_key: `${String(target['canonical_key']).slice(0, 2000)}${own}` }, note: 'another row is the same by its URL, handle or address: it has a key of its own' };
  }
  if (constraint.endsWith('_one_open') && target['status'] !== 'rejected') {
    return { row: { ...target, status: 'rejected', review_reason: 'Another draft was open too in the system that this database was taken over from.' }, note: 'another draft of the same recipient is open: it is rejected here' };
  }
  return null;
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
