import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory } from '../inventory.ts';

/** Row security that is ours: off, without its policy, with another one. */
export function* policyChanges({ tables }: Inventory): Generator<Change> {
  for (const { id, sql, rowSecurity, policies } of tables) {
    if (!rowSecurity) continue;
    const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'row security', object: id, change, sql: statements, expected, comparable: false });
    const wrong: Expectation = { kind: 'ROW_SECURITY', table: id, atLeast: 'SILENT' };
    yield make('disable', [`alter table ${sql} disable row level security`], wrong);
    yield make('one policy more that hides', [`create policy stranger on ${sql} as restrictive using (false)`], wrong);
    for (const { name, definition } of policies) {
      const drop = `drop policy ${quoted(name)} on ${sql}`;
      yield make(`drop ${name}`, [drop], wrong);
      yield make(`another ${name}`, [drop, definition.replace(/using \(.*$/s, 'using (false)')], wrong);
      yield make(`recreate ${name}`, [drop, definition], null);
      yield make(`rename ${name}`, [`alter policy ${quoted(name)} on ${sql} rename to renamed`], null);
    }
  }
}
