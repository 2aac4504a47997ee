import { escapeIdentifier } from 'pg';
import type { Constraint } from '../catalog.ts';
import { quoteTable } from './identifiers.ts';

const actions: Record<string, string> = { r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' };

/** A foreign key or a check as ADD CONSTRAINT takes it, from what the catalog says; null for other constraints. */
export function constraintSql({ type, columns, references, expression, deferrable, deferred }: Constraint): string | null {
  if (type === 'c') return expression === null || expression === '(not read)' ? null : `check (${expression})`;
  if (type !== 'f' || !references) return null;
  const list = (names: readonly string[]) => names.map(escapeIdentifier).join(', ');
  return [
    `foreign key (${list(columns)}) references ${quoteTable(references.table)} (${list(references.columns)})`,
    references.match === 'f' && 'match full',
    actions[references.onUpdate] && `on update ${actions[references.onUpdate]}`,
    actions[references.onDelete] && `on delete ${actions[references.onDelete]}`,
    deferred ? 'deferrable initially deferred' : deferrable && 'deferrable',
  ].filter(Boolean).join(' ');
}
