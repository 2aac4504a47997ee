import type { LiveCatalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** Tables where the server needs less than SELECT, INSERT, UPDATE and DELETE. */
const needs: Record<string, string[]> = { [HISTORY_TABLE]: ['SELECT'], activities: ['SELECT', 'INSERT'] };

/** Effective rights of the serving role, row security that hides rows from it, and a search_path that leads it elsewhere. */
export function compareAccess(expected: ExpectedCatalog, { access, hidden, relations, database }: LiveCatalog): Finding[] {
  const findings: Finding[] = [];
  for (const table of Object.keys(expected.relations)) {
    const rights = access[table];
    if (!rights || !relations[table]) continue;
    for (const right of rights.lacks.filter((lack) => !needs[table] || needs[table].includes(lack))) {
      findings.push({
        kind: 'PRIVILEGE',
        table,
        detail: right,
        effect: right === 'SELECT' ? 'FAILS' : 'WRITE_FAILS',
        sqlState: '42501',
        expected: right,
        actual: `no ${right}`,
        message: `The role ${database.user} may not ${right} on ${table}.`,
      });
    }
    if (rights.rowSecurity) {
      findings.push({ kind: 'ROW_SECURITY', table, effect: 'SILENT', expected: 'no row security', actual: 'row security applies', message: `Row security on ${table} hides rows from the role ${database.user}: lists come back short or empty without an error.` });
    }
    if (hidden.includes(table)) {
      findings.push({ kind: 'SEARCH_PATH', table, effect: 'SILENT', expected: `${database.schema}.${table}`, actual: 'another relation, or none', message: `The search_path of the role ${database.user} does not lead to ${database.schema}.${table}.` });
    }
  }
  return findings;
}
