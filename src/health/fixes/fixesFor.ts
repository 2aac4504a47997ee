import { escapeIdentifier } from 'pg';
import type { DriftKind } from '../driftKind.ts';
import type { Finding } from '../finding.ts';
import { grantsOnSchema, privilegeFixes, searchPathFixes, unreadableHistory } from './access.ts';
import { columnFixes } from './columns.ts';
import { columnType } from './columnType.ts';
import { constraintFixes, notValid } from './constraints.ts';
import { allTriggersOff, triggersOfSession } from './disabledTriggers.ts';
import { domainFixes } from './domains.ts';
import { schemaOf } from './identifiers.ts';
import { indexFixes, invalidIndex } from './indexes.ts';
import type { Mending, Scene } from './mending.ts';
import { childFixes, collationFixes, extensionFixes, ownerFixes, relationFixes } from './objects.ts';
import { renameFixes } from './renames.ts';
import { routineFixes } from './routines.ts';
import { rowSecurityFixes } from './rowSecurity.ts';
import { sequenceFixes } from './sequences.ts';
import { missingTable, movedTable, renamedTable, unlogged } from './tables.ts';
import { ruleFixes, triggerFixes } from './triggers.ts';
import { enumFixes } from './types.ts';
import { viewFixes } from './views.ts';

type Fix = (finding: Finding, scene: Scene) => Mending[];

/** What is not here has no mending that could be proposed: a person has to decide. */
const fixes: Partial<Record<DriftKind, Fix>> = {
  MISSING_TABLE: missingTable,
  EXTRA_TABLE: childFixes,
  RENAMED_TABLE: renamedTable,
  MOVED_TABLE: movedTable,
  PERSISTENCE: unlogged,
  MISSING_COLUMN: columnFixes,
  EXTRA_COLUMN: columnFixes,
  RENAMED_COLUMN: columnFixes,
  COLUMN_TYPE: columnType,
  COLUMN_NULLABILITY: columnFixes,
  COLUMN_DEFAULT: columnFixes,
  COLUMN_IDENTITY: columnFixes,
  COLUMN_GENERATED: columnFixes,
  COLUMN_COLLATION: columnFixes,
  CHECK: constraintFixes,
  FOREIGN_KEY: constraintFixes,
  NOT_VALID_CONSTRAINT: notValid,
  PRIMARY_KEY: indexFixes,
  UNIQUE: indexFixes,
  INDEX: indexFixes,
  EXTRA_INDEX: indexFixes,
  INVALID_INDEX: invalidIndex,
  TRIGGER: (finding, scene) => (finding.table === undefined ? triggersOfSession(scene) : finding.detail === 'all' ? allTriggersOff(finding, scene) : triggerFixes(finding, scene)),
  RULE: ruleFixes,
  ENUM: enumFixes,
  FUNCTION: routineFixes,
  PRIVILEGE: privilegeFixes,
  HISTORY_UNREADABLE: unreadableHistory,
  ROW_SECURITY: rowSecurityFixes,
  SEARCH_PATH: searchPathFixes,
  SEQUENCE: sequenceFixes,
  VIEW: viewFixes,
  EXTENSION: extensionFixes,
  OWNER: ownerFixes,
  COLLATION_VERSION: collationFixes,
  RELATION_KIND: relationFixes,
};

/** What mends a difference, in order; nothing where nothing is safe to propose. Never drops a table, a column, a type or a row. */
export function fixesFor(finding: Finding, scene: Scene): Mending[] {
  if (finding.renamed) return renameFixes(finding, scene);
  if (finding.table === undefined && finding.object !== undefined && scene.expected.domains[finding.object]) return domainFixes(finding, scene);
  const mendings = fixes[finding.kind]?.(finding, scene) ?? [];
  return mendings.length === 0 ? [] : [...schemaFirst(finding, scene), ...mendings];
}

/** What is made in a schema that is gone needs the schema first. */
function schemaFirst({ lost = '' }: Finding, scene: Scene): Mending[] {
  const { live, expected } = scene;
  const schema = schemaOf(lost);
  if (schema === null || !expected.schemas.includes(schema)) return [];
  const isThere = [live.relations, live.enums, live.functions].some((parts) => Object.keys(parts).some((name) => name.startsWith(`${schema}.`)));
  return isThere ? [] : [{ stage: 'schema', sql: `create schema if not exists ${escapeIdentifier(schema)}`, risk: 'SAFE', lock: 'none' }, ...grantsOnSchema(schema, scene)];
}
