import { escapeIdentifier, type Client } from 'pg';
import { DraftStatus } from '../../../domain/enums.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import type { TargetRow } from './derive.ts';

/** What rows of one table must not share, as far as it was seen. */
export interface Seen {
  keys: Set<string>;
  /** recipients with an open draft */
  open: Set<string>;
}

/** What has to differ from what a row says, with the reason; a row that cannot be is refused. */
export interface Verdict {
  notes: string[];
  refused: string | null;
}

const openStatuses: readonly unknown[] = [DraftStatus.GENERATING, DraftStatus.PENDING_REVIEW, DraftStatus.APPROVED, DraftStatus.SENT];

/**
 * Makes rows agree with each other and with those that are there already: one key for one row, one open draft for a
 * recipient, references to what is there. It changes the rows; of two that collide the first keeps what it has.
 */
export async function reconcile(client: Client, expected: ExpectedCatalog, table: string, to: string, rows: readonly TargetRow[], seen: Seen): Promise<Verdict[]> {
  const verdicts = rows.map((row): Verdict => ({ notes: ownKey(row, seen), refused: null }));
  const { constraints = {}, columns = {} } = expected.relations[table] ?? {};
  for (const { columns: [column = '', ...more], references } of Object.values(constraints)) {
    if (!references || more.length > 0 || columns[column]?.type !== 'uuid') continue;
    const there = await present(client, to, references.table, references.columns[0] ?? 'id', rows.map((row) => row[column]));
    if (references.table === table) for (const row of rows) there.add(String(row['id']));
    for (const [index, row] of rows.entries()) {
      const verdict = verdicts[index];
      if (!verdict || row[column] === null || row[column] === undefined || there.has(String(row[column]))) continue;
      if (columns[column]?.notNull) verdict.refused = `${column} refers to a row that is not there`;
      else {
        row[column] = null;
        verdict.notes.push(`${column} refers to a row that is not there: it refers to none here`);
      }
    }
  }
  for (const [index, row] of rows.entries()) {
    const verdict = verdicts[index];
    if (verdict?.refused === null) verdict.notes.push(...oneOpen(row, seen));
  }
  return verdicts;
}

function ownKey(row: TargetRow, { keys }: Seen): string[] {
  const key = row['canonical_key'];
  if (typeof key !== 'string') return [];
  const taken = keys.has(key);
  if (taken) row['canonical_key'] = `${key.slice(0, 2000)}#${String(row['id'])}`;
  keys.add(String(row['canonical_key']));
  return taken ? ['another row is the same by its URL, handle or address: it has a key of its own'] : [];
}

function oneOpen(row: TargetRow, { open }: Seen): string[] {
  const recipient = row['prospect_id'] ?? row['social_profile_id'];
  if (!('approved_fingerprint' in row) || row['is_follow_up'] === true || !openStatuses.includes(row['status'] ?? DraftStatus.PENDING_REVIEW)) return [];
  const taken = open.has(String(recipient));
  open.add(String(recipient));
  if (!taken) return [];
  row['status'] = DraftStatus.REJECTED;
  row['review_reason'] = 'Another draft was open too in the system that this database was taken over from.';
  return ['another draft of the same recipient is open: it is rejected here'];
}

async function present(client: Client, schema: string, table: string, column: string, values: readonly unknown[]): Promise<Set<string>> {
  const wanted = [...new Set(values.filter((value) => value !== null && value !== undefined).map(String))];
  if (wanted.length === 0) return new Set();
  const name = escapeIdentifier(column);
  const { rows } = await client.query<{ value: string }>(`select ${name}::text as value from ${escapeIdentifier(schema)}.${escapeIdentifier(table)} where ${name} = any ($1::uuid[])`, [wanted]);
  return new Set(rows.map(({ value }) => value));
}
