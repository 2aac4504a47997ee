import type { Finding } from '../finding.ts';
import { relationKinds } from './relationKinds.ts';

/** A table that is not ours. One that inherits ours, its `parents`, shows its rows in every read of them. */
export function extraTable(table: string, kind: string, parents: readonly string[]): Finding {
  const [parent] = parents;
  if (parent !== undefined) {
    return { kind: 'EXTRA_TABLE', table, effect: 'SILENT', expected: `no table that inherits ${parent}`, actual: `inherits ${parents.join(', ')}`, message: `The table ${table} is not ours and inherits ${parent}: its rows show in every read of ${parent}, and no key or foreign key of ${parent} holds for them.` };
  }
  return { kind: 'EXTRA_TABLE', table, effect: 'NONE', actual: relationKinds[kind], message: `The ${relationKinds[kind]} ${table} is not ours; it does no harm.` };
}
