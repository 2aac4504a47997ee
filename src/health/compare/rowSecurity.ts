import type { Policy, Relation } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { sameText } from './sqlText.ts';

/** Row security that we do not expect, as it binds the serving role; row security that we do, by its policies. */
export function compareRowSecurity(expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  return Object.entries(expected.relations).flatMap(([table, relation]) => {
    const found = live.relations[table];
    if (!found || !'rp'.includes(found.kind)) return [];
    return relation.rowSecurity ? compareProtection(table, relation, found) : unexpected(table, found, live);
  });
}

/** Silent where its policies let everything pass. */
function unexpected(table: string, { policies }: Relation, { access, database: { user } }: LiveCatalog): Finding[] {
  const own = access[table];
  if (!own?.rowSecurity) return [];
  const applied = own.policies.flatMap((name) => policies[name] ?? []);
  const open = (command: string, of: (policy: Policy) => string | null) => letsPass(applied.filter((policy) => policy.command === '*' || policy.command === command), of);
  const reads = open('r', ({ using }) => using);
  const changes = open('w', ({ using }) => using) && open('d', ({ using }) => using);
  const updates = open('w', ({ using, check }) => check ?? using);
  const inserts = open('a', ({ using, check }) => check ?? using);
  if (reads && changes && updates && inserts) return [];

  const refusal = inserts ? '' : ' INSERT is refused (42501).';
  const actual = applied.length === 0 ? 'row security without a policy for it' : `row security with ${own.policies.join(', ')}`;
  const place = { kind: 'ROW_SECURITY', table, expected: 'no row security', actual, sqlState: inserts && updates ? undefined : '42501' } as const;
  if (!reads) return [{ ...place, effect: 'SILENT', message: `Row security on ${table} hides rows from the role ${user}: lists come back short or empty without an error.${refusal}` }];
  if (!changes) return [{ ...place, effect: 'LOST_WRITE', message: `Row security on ${table} keeps rows from UPDATE and DELETE by the role ${user}: such writes vanish without an error.${refusal}` }];
  return [{ ...place, effect: 'WRITE_FAILS', message: `Row security on ${table} refuses rows that the role ${user} writes (42501).` }];
}

/** One permissive policy that is always true, and no restrictive one that is not. */
function letsPass(policies: readonly Policy[], of: (policy: Policy) => string | null): boolean {
  return policies.some((policy) => policy.permissive && of(policy) === 'true') && policies.every((policy) => policy.permissive || (of(policy) ?? 'true') === 'true');
}

function compareProtection(table: string, expected: Relation, actual: Relation): Finding[] {
  const place = { kind: 'ROW_SECURITY', table, effect: 'SILENT' } as const;
  if (!actual.rowSecurity) return [{ ...place, expected: 'row security', actual: 'no row security', message: `Row security on ${table} is off: everybody who may read it sees every row.` }];
  const findings: Finding[] = [];
  if (expected.forced !== actual.forced) {
    const words = (forced: boolean) => (forced ? 'binds the owner' : 'does not bind the owner');
    findings.push({ ...place, detail: 'forced', expected: words(expected.forced), actual: words(actual.forced), message: `Row security on ${table} ${words(actual.forced)}, which it ${expected.forced ? 'should' : 'should not'}.` });
  }
  const rest = new Map(Object.entries(actual.policies));
  const wanted = Object.entries(expected.policies).filter(([, policy]) => {
    const same = [...rest].find(([, other]) => samePolicy(policy, other));
    if (same) rest.delete(same[0]);
    return !same;
  });
  for (const [object, policy] of wanted) {
    const found = rest.get(object);
    rest.delete(object);
    findings.push({ ...place, object, part: { ours: object }, expected: describe(policy), actual: found ? describe(found) : 'missing', message: found
      ? `The policy ${object} on ${table} is another one: ${describe(found)} instead of ${describe(policy)}.`
      : `The policy ${object} on ${table} is missing: ${policy.permissive ? 'rows are hidden and writes refused' : 'rows are shown and accepted'} that should not be.`,
      spelling: found && spellingOf(policy, found, expected.columns) });
  }
  for (const [object, policy] of rest) {
    findings.push({ ...place, object, part: { theirs: object }, actual: describe(policy), message: `The policy ${object} on ${table} is not ours: ${policy.permissive ? 'it shows rows that should be hidden' : 'it hides rows'}.` });
  }
  return findings;
}

function samePolicy(a: Policy, b: Policy): boolean {
  return a.command === b.command && a.permissive === b.permissive && [...a.roles].sort().join() === [...b.roles].sort().join() && sameText(a.using, b.using) && sameText(a.check, b.check);
}

/** Where nothing but the one expression differs. */
function spellingOf(a: Policy, b: Policy, columns: Relation['columns']): Finding['spelling'] {
  const key = sameText(a.using, b.using) ? 'check' : 'using';
  const [expected, actual] = [a[key], b[key]];
  return expected !== null && actual !== null && samePolicy({ ...a, [key]: actual }, b) ? { of: 'predicate', expected, actual, columns } : undefined;
}

function describe({ command, permissive, roles, using, check }: Policy): string {
  const commands: Record<string, string> = { '*': 'all', r: 'select', a: 'insert', w: 'update', d: 'delete' };
  return [permissive ? 'permissive' : 'restrictive', `for ${commands[command]} to ${roles.join(', ')}`, using !== null && `using ${using}`, check !== null && `with check ${check}`].filter(Boolean).join(' ');
}
