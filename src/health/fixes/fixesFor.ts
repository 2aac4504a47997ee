import { escapeIdentifier, escapeLiteral } from 'pg';
import type { LiveCatalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import type { RepairRisk, RepairStep } from '../report.ts';
import { columnSql, isAddedAtOnce } from './columnSql.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending } from './mending.ts';
import { tableSteps } from './tableSteps.ts';

const ALTER = 'ACCESS EXCLUSIVE';
const scans = 'It reads the whole table while writes wait.';

/** What mends a difference, in order; nothing where nothing is safe to propose. Never drops a table, a column or a row. */
export function fixesFor(finding: Finding, id: string, expected: ExpectedCatalog, live: LiveCatalog): RepairStep[] {
  return mendings(finding, expected, live).map(({ sql, risk, lock, note, undo }, index) => ({
    id: index === 0 ? id : `${id}:${index + 1}`,
    sql,
    risk,
    lock,
    note: note ?? null,
    estimatedMs: null,
    undo: undo ?? null,
    resolves: [id],
    error: null,
  }));
}

function mendings(finding: Finding, expected: ExpectedCatalog, live: LiveCatalog): Mending[] {
  const { table, object, column } = finding;
  if (table === undefined) return withoutTable(finding, expected, live.database.user);
  const relation = expected.relations[table];
  if (!relation) return [];
  const target = quoteTable(table);
  const alter = (action: string, risk: RepairRisk, more: Partial<Mending> = {}): Mending => ({ sql: `alter table ${target} ${action}`, risk, lock: ALTER, ...more });
  const name = escapeIdentifier(column ?? object ?? '');
  const wanted = column === undefined ? undefined : relation.columns[column];

  switch (finding.kind) {
    case 'MISSING_TABLE':
      return tableSteps(table, relation);
    case 'RENAMED_TABLE': {
      const [now, old] = [finding.actual ?? '', table].map((full) => escapeIdentifier(full.split('.').at(-1) ?? ''));
      return [{ sql: `alter table ${quoteTable(finding.actual ?? '')} rename to ${old}`, risk: 'SAFE', lock: ALTER, undo: `alter table ${target} rename to ${now}` }];
    }
    case 'MOVED_TABLE':
      return [{ sql: `alter table ${escapeIdentifier(finding.actual?.split('.')[0] ?? '')}.${escapeIdentifier(table)} set schema ${escapeIdentifier(live.database.schema)}`, risk: 'SAFE', lock: ALTER }];
    case 'MISSING_COLUMN': {
      if (!wanted) return [];
      const needsValue = wanted.notNull && wanted.default === null && wanted.identity === '';
      const atOnce = isAddedAtOnce(wanted);
      const note = needsValue ? 'It fails while the table has rows, for there is no value for them.' : atOnce ? undefined : 'It writes every row again.';
      return [alter(`add column ${columnSql(column ?? '', wanted)}`, needsValue || !atOnce ? 'CAUTION' : 'SAFE', { note })];
    }
    case 'RENAMED_COLUMN': {
      const now = escapeIdentifier(finding.actual ?? '');
      return [alter(`rename column ${now} to ${name}`, 'SAFE', { undo: `alter table ${target} rename column ${name} to ${now}` })];
    }
    case 'COLUMN_DEFAULT':
      return [alter(`alter column ${name} ${wanted?.default == null ? 'drop default' : `set default ${wanted.default}`}`, 'SAFE')];
    case 'COLUMN_NULLABILITY':
      return wanted?.notNull
        ? [alter(`alter column ${name} set not null`, 'CAUTION', { note: `${scans} It fails while a row holds NULL.`, undo: `alter table ${target} alter column ${name} drop not null` })]
        : [alter(`alter column ${name} drop not null`, 'SAFE', { undo: `alter table ${target} alter column ${name} set not null` })];
    case 'EXTRA_COLUMN':
      return finding.effect === 'NONE' ? [] : [alter(`alter column ${name} drop not null`, 'SAFE', { undo: `alter table ${target} alter column ${name} set not null` })];
    case 'CHECK':
    case 'FOREIGN_KEY':
      return finding.lost === undefined ? [] : constraintSteps(target, object ?? '', relation.constraints[object ?? '']?.definition);
    case 'NOT_VALID_CONSTRAINT':
      return [alter(`validate constraint ${name}`, 'SAFE', { lock: 'SHARE UPDATE EXCLUSIVE', note: 'It reads the whole table; reads and writes go on. It fails while a row breaks the rule.' })];
    case 'PRIMARY_KEY':
    case 'UNIQUE':
    case 'INDEX':
      return finding.lost === undefined ? [] : indexSteps(target, object ?? '', relation.indexes[object ?? '']);
    case 'INVALID_INDEX':
      return [{ sql: `reindex index concurrently ${quoteTable(`${table.includes('.') ? `${table.split('.')[0]}.` : ''}${object}`)}`, risk: relation.indexes[object ?? ''] ? 'SAFE' : 'CAUTION', lock: 'SHARE UPDATE EXCLUSIVE' }];
    case 'TRIGGER':
      return triggerSteps(finding, target, relation.triggers[object ?? '']?.definition);
    case 'RULE':
      return [alter(`disable rule ${name}`, 'CAUTION', { note: 'Somebody made this rule: ask who needs it.', undo: `alter table ${target} enable rule ${name}` })];
    case 'ROW_SECURITY':
      return [alter('disable row level security', 'CAUTION', { note: 'Rows that were hidden on purpose become visible.', undo: `alter table ${target} enable row level security` })];
    case 'PERSISTENCE':
      return finding.effect === 'NONE' ? [] : [alter('set logged', 'CAUTION', { note: 'It writes the whole table again.' })];
    case 'PRIVILEGE':
      return [{ sql: `grant ${finding.expected?.toLowerCase()} on ${target} to ${escapeIdentifier(live.database.user)}`, risk: 'SAFE', lock: 'none', undo: `revoke ${finding.expected?.toLowerCase()} on ${target} from ${escapeIdentifier(live.database.user)}` }];
    default:
      return [];
  }
}

function withoutTable({ kind, object = '', detail, effect }: Finding, { enums, functions }: ExpectedCatalog, user: string): Mending[] {
  if (kind === 'PRIVILEGE') return [{ sql: `grant usage on schema ${escapeIdentifier(object)} to ${escapeIdentifier(user)}`, risk: 'SAFE', lock: 'none' }];
  const labels = enums[object];
  if (kind === 'FUNCTION') {
    const sql = functions[object]?.definition?.trim().replace(/^CREATE (OR REPLACE )?/, 'CREATE OR REPLACE ');
    return sql === undefined ? [] : [{ sql, risk: 'SAFE', lock: 'none' }];
  }
  if (kind !== 'ENUM' || !labels) return [];
  if (detail === undefined) return [{ sql: `create type ${quoteTable(object)} as enum (${labels.map((label) => escapeLiteral(label)).join(', ')})`, risk: 'SAFE', lock: 'none' }];
  if (effect !== 'FAILS') return [];
  const before = labels[labels.indexOf(detail) - 1];
  const place = before === undefined ? `before ${escapeLiteral(labels[1] ?? '')}` : `after ${escapeLiteral(before)}`;
  return [{ sql: `alter type ${quoteTable(object)} add value if not exists ${escapeLiteral(detail)} ${place}`, risk: 'SAFE', lock: 'none', note: 'A value of an enum cannot be taken back.' }];
}

/** Without looking at the rows first, so that the lock is short; then with a look at every row, beside writes. */
function constraintSteps(target: string, name: string, definition: string | undefined): Mending[] {
  if (definition === undefined) return [];
  const quoted = escapeIdentifier(name);
  const undo = `alter table ${target} drop constraint ${quoted}`;
  return [
    { sql: `alter table ${target} add constraint ${quoted} ${definition} not valid`, risk: 'SAFE', lock: definition.startsWith('FOREIGN') ? 'SHARE ROW EXCLUSIVE' : ALTER, undo },
    { sql: `alter table ${target} validate constraint ${quoted}`, risk: 'SAFE', lock: 'SHARE UPDATE EXCLUSIVE', note: 'It reads the whole table; reads and writes go on. It fails while a row breaks the rule.' },
  ];
}

function indexSteps(target: string, name: string, index: { unique: boolean; primary: boolean; constraint: string | null; definition?: string } | undefined): Mending[] {
  if (index?.definition === undefined) return [];
  const concurrently = index.definition.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ');
  const build: Mending = { sql: concurrently, risk: index.unique ? 'CAUTION' : 'SAFE', lock: 'SHARE UPDATE EXCLUSIVE', undo: `drop index concurrently ${escapeIdentifier(name)}` };
  if (index.unique) build.note = 'It fails while there are duplicates, and leaves an INVALID index then.';
  if (index.constraint === null) return [build];
  const key = index.primary ? 'primary key' : 'unique';
  return [build, { sql: `alter table ${target} add constraint ${escapeIdentifier(index.constraint)} ${key} using index ${escapeIdentifier(name)}`, risk: 'CAUTION', lock: ALTER }];
}

function triggerSteps({ object = '', lost, actual }: Finding, target: string, definition: string | undefined): Mending[] {
  const name = escapeIdentifier(object);
  if (lost !== undefined && definition !== undefined) return [{ sql: definition, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE', undo: `drop trigger ${name} on ${target}` }];
  if (actual === 'disabled') return [{ sql: `alter table ${target} enable trigger ${name}`, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE', undo: `alter table ${target} disable trigger ${name}` }];
  return [];
}
