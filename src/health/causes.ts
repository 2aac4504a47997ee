import { mentionedIn, mentionedInQuery, wordFor } from './compare/mentions.ts';
import type { DriftKind } from './driftKind.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { findingId, type Finding } from './finding.ts';

/**
 * The difference that explains each one: the lost column of an index, the lost function of a trigger, the migration
 * that would have made a table. Answers id → id of the cause.
 */
export function causesOf(findings: readonly Finding[], expected: ExpectedCatalog): Map<string, string> {
  const found = findings.map((finding) => ({ ...finding, needs: [...(finding.needs ?? []), ...readBy(finding, expected)] }));
  const losses = new Map<string, string>();
  const unfinished = new Map<string, string>();
  for (const finding of findings) {
    if (finding.lost !== undefined) losses.set(isNamedInExpressions(finding) ? wordFor(finding.lost) : finding.lost, findingId(finding));
    if (finding.lostKey !== undefined) losses.set(finding.lostKey, findingId(finding));
    if (isUnfinished(finding)) unfinished.set(finding.object ?? '', findingId(finding));
  }
  const parents = new Map(findings.map((finding) => [sameness(finding, finding.table), findingId(finding)]));
  const changes = new Map(findings.flatMap((finding) => changedParts(finding).map((part) => [part, findingId(finding)])));
  const causes = new Map<string, string>();
  for (const finding of found) {
    const id = findingId(finding);
    const migrations = migrationsBehind(finding, expected).flatMap((name) => unfinished.get(name) ?? []);
    // It is the other way round with a schema that is gone: its migration is found undone for that.
    const migration = migrations.find((cause) => !finding.lost?.startsWith('schema:') || !cause.startsWith('MIGRATION_EFFECT_ABSENT'));
    const cause = lossBehind(finding, losses) ?? ofParent(finding, parents, expected) ?? changeBehind(finding, changes, expected) ?? lostSchema(finding, losses, expected) ?? migration;
    if (cause !== undefined && !leadsTo(id, cause, causes)) causes.set(id, cause);
  }
  return causes;
}

/** Nothing is its own cause, by whatever way. */
function leadsTo(id: string, cause: string | undefined, causes: ReadonlyMap<string, string>): boolean {
  return cause !== undefined && (cause === id || leadsTo(id, causes.get(cause), causes));
}

function isNamedInExpressions({ kind, table }: Finding): boolean {
  return kind === 'ENUM' || kind === 'FUNCTION' || kind === 'EXTENSION' || (kind === 'COLUMN_TYPE' && table === undefined);
}

function isUnfinished({ kind }: Finding): boolean {
  return kind === 'MIGRATION_PENDING' || kind === 'MIGRATION_HALF_APPLIED' || kind === 'MIGRATION_OUT_OF_ORDER' || kind === 'MIGRATION_IN_PROGRESS' || kind === 'MIGRATION_EFFECT_ABSENT';
}

/** A part is no cause of its own loss. */
function lossBehind({ needs = [], lost: own }: Finding, losses: ReadonlyMap<string, string>): string | undefined {
  const lost = needs.find((part) => part !== own && losses.has(part));
  return lost === undefined ? undefined : losses.get(lost);
}

/** What a partition has from its parent: columns, constraints and indexes, under names of its own. */
const inherited: readonly DriftKind[] = [
  'EXTRA_COLUMN', 'RENAMED_COLUMN', 'COLUMN_TYPE', 'COLUMN_NULLABILITY', 'COLUMN_DEFAULT', 'COLUMN_IDENTITY', 'COLUMN_GENERATED', 'COLUMN_COLLATION',
  'PRIMARY_KEY', 'FOREIGN_KEY', 'UNIQUE', 'CHECK', 'NOT_VALID_CONSTRAINT', 'INDEX', 'EXTRA_INDEX',
];

/** The same difference of the table of which this one is a partition. */
function ofParent(finding: Finding, parents: ReadonlyMap<string, string>, { relations }: ExpectedCatalog): string | undefined {
  const parent = relations[finding.table ?? '']?.parent;
  return parent == null || !inherited.includes(finding.kind) ? undefined : parents.get(sameness(finding, parent));
}

function sameness({ kind, column, detail, expected, actual }: Finding, table: string | undefined): string {
  return JSON.stringify([kind, table, column, detail, expected ?? actual]);
}

/** What a view, a rule or a policy reads. */
function readBy({ kind, table = '', object }: Finding, { relations }: ExpectedCatalog): string[] {
  const relation = relations[table];
  const policy = kind === 'ROW_SECURITY' ? relation?.policies[object ?? ''] : undefined;
  if (policy) return mentionedIn(table, policy.using, policy.check);
  const query = kind === 'VIEW' ? relation?.view?.definition : kind === 'RULE' ? relation?.rules[object ?? '']?.action : null;
  return query == null ? [] : mentionedInQuery(query, relations);
}

/** What is not gone, but another: whatever rests on it may have to differ. */
function changedParts({ kind, table, column, object, detail }: Finding): string[] {
  if (table === undefined) return kind === 'PRIVILEGE' ? [`right:${object}`] : [];
  if (kind === 'PERSISTENCE' && object === undefined) return [`persistence:${table}`];
  if (kind === 'SEQUENCE' && detail === 'settings') return [`sequence:${object}`];
  if (kind === 'RELATION_KIND' && detail === undefined) return [table];
  return column !== undefined && (kind === 'COLUMN_TYPE' || kind === 'COLUMN_COLLATION') ? [`${table}.${column}`] : [];
}

function changeBehind(finding: Finding, changes: ReadonlyMap<string, string>, { schemas }: ExpectedCatalog): string | undefined {
  if (finding.kind === 'COLUMN_TYPE' || finding.kind === 'COLUMN_COLLATION') return undefined;
  const parts = [...(finding.needs ?? []), ...restsOn(finding, schemas)];
  return parts.map((part) => changes.get(part)).find((cause) => cause !== undefined);
}

/** A default is written in its column's type, a history read by right of its schema; a sequence is as durable as its table. */
function restsOn({ kind, table, column, object, detail }: Finding, [main]: readonly string[]): string[] {
  if (kind === 'COLUMN_DEFAULT') return [`${table}.${column}`];
  if (kind === 'HISTORY_UNREADABLE') return [`right:${main}`];
  if (kind === 'PERSISTENCE' && object !== undefined) return [`persistence:${table}`];
  return kind === 'SEQUENCE' && detail !== 'settings' ? [`sequence:${object}`] : [];
}

/** A migration is found undone when the schema is gone that it makes. */
function lostSchema({ kind, object }: Finding, losses: ReadonlyMap<string, string>, { origins, relations }: ExpectedCatalog): string | undefined {
  if (kind !== 'MIGRATION_EFFECT_ABSENT') return undefined;
  const schemas = new Set(Object.keys(relations).filter((table) => origins[table] === object).map((table) => (table.includes('.') ? table.split('.')[0] : '')));
  const [schema] = schemas;
  return schemas.size === 1 ? losses.get(`schema:${schema}`) : undefined;
}

/** Those that made the part that is lost, or changed the one that differs. */
function migrationsBehind(finding: Finding, { origins, alterations, relations }: ExpectedCatalog): string[] {
  const { lost, table, column, object, part } = finding;
  const [place] = [column !== undefined && `${table}.${column}`, table !== undefined && object !== undefined && `${table}#${part?.ours ?? object}`, object, table].filter((name) => typeof name === 'string');
  const altering = alterations[place ?? ''] ?? [];
  if (lost === undefined) return altering;
  const schema = /^schema:(.+)/.exec(lost)?.[1];
  const first = schema === undefined ? lost : Object.keys(relations).find((name) => name.startsWith(`${schema}.`));
  const origin = origins[first ?? ''] ?? (table === undefined ? undefined : origins[table]);
  return origin === undefined ? altering : [origin, ...altering];
}
