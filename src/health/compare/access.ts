import type { LiveCatalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

/** Tables where the server needs less than SELECT, INSERT, UPDATE and DELETE. */
const needs: Record<string, string[]> = { [HISTORY_TABLE]: ['SELECT'], activities: ['SELECT', 'INSERT'] };

/** Effective rights of the serving role, row security that hides rows from it, and a search_path that leads it elsewhere. */
export function compareAccess(expected: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const tables = Object.keys(expected.relations).filter((table) => live.relations[table]);
  return [
    ...live.closed.map((schema) => closedSchema(schema, live.database.user)),
    ...tables.flatMap((table) => [...lackingRights(table, live), ...rowSecurity(table, live)]),
    ...searchPath(tables.filter((table) => !table.includes('.')), live),
  ];
}

function closedSchema(object: string, user: string): Finding {
  return { kind: 'PRIVILEGE', object, effect: 'FAILS', sqlState: '42501', expected: 'USAGE', actual: 'no USAGE', message: `The role ${user} may not use the schema ${object}: nothing in it can be read or written.` };
}

function lackingRights(table: string, { access, database }: LiveCatalog): Finding[] {
  const lacks = (access[table]?.lacks ?? []).filter((right) => !needs[table] || needs[table].includes(right));
  return lacks.map((right): Finding => ({
    kind: 'PRIVILEGE',
    table,
    detail: right,
    effect: right === 'SELECT' ? 'FAILS' : 'WRITE_FAILS',
    sqlState: '42501',
    expected: right,
    actual: `no ${right}`,
    message: `The role ${database.user} may not ${right} on ${table}.`,
  }));
}

function rowSecurity(table: string, { access, database }: LiveCatalog): Finding[] {
  if (!access[table]?.rowSecurity) return [];
  return [{ kind: 'ROW_SECURITY', table, effect: 'SILENT', expected: 'no row security', actual: 'row security applies', message: `Row security on ${table} hides rows from the role ${database.user}: lists come back short or empty without an error.` }];
}

/** One table in the shadow of another, or, one cause, a path that does not lead to our schema at all. */
function searchPath(tables: string[], { hidden, closed, database: { user, schema } }: LiveCatalog): Finding[] {
  const concerned = tables.filter((table) => hidden.includes(table));
  if (concerned.length === 0 || closed.includes(schema)) return [];
  if (concerned.length === tables.length) {
    return [{ kind: 'SEARCH_PATH', object: schema, effect: 'FAILS', sqlState: '42P01', expected: schema, actual: 'not in the search_path', message: `The search_path of the role ${user} does not lead to the schema ${schema}: none of our tables is found.` }];
  }
  return concerned.map((table): Finding => ({
    kind: 'SEARCH_PATH',
    table,
    effect: 'SILENT',
    expected: `${schema}.${table}`,
    actual: 'another relation of that name',
    message: `The search_path of the role ${user} leads from the name ${table} to another relation than ${schema}.${table}: it is read and written instead.`,
  }));
}
