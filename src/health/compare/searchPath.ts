import type { Hidden, LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';

/** Names that the role's search_path leads elsewhere; or, one cause, a path that does not lead to our schema at all. */
export function compareSearchPath({ relations, functions, enums, domains }: ExpectedCatalog, live: LiveCatalog): Finding[] {
  const { hidden, closed, database: { user, schema } } = live;
  const tables = Object.keys(relations).filter((table) => !table.includes('.') && live.relations[table]);
  const of = (wanted: Hidden['class']) => hidden.filter((item) => item.class === wanted);
  const hiddenTables = tables.filter((table) => of('relation').some(({ name }) => name === table));
  if (closed.includes(schema)) return [];
  if (hiddenTables.length > 0 && hiddenTables.length === tables.length) {
    return [{ kind: 'SEARCH_PATH', object: schema, effect: 'FAILS', sqlState: '42P01', expected: schema, actual: 'not in the search_path', message: `The search_path of the role ${user} does not lead to the schema ${schema}: none of our tables is found.` }];
  }
  const elsewhere = (what: string, name: string, consequence: string, home = schema) =>
    ({ kind: 'SEARCH_PATH', expected: `${home}.${name}`, actual: `another ${what} of that name`, message: `The search_path of the role ${user} leads from the name ${name} to another ${what} than ${home}.${name}: ${consequence}.` }) as const;
  const oids = new Set(of('function').map(({ oid }) => oid));
  return [
    ...hiddenTables.map((table): Finding => ({ ...elsewhere('relation', table, 'it is read and written instead'), table, effect: 'SILENT' })),
    // Nobody calls a trigger's function by its name.
    ...Object.keys(functions)
      .filter((name) => oids.has(live.functions[name]?.oid ?? '') && !functions[name]?.returns.endsWith('trigger'))
      .map((object): Finding => ({ ...elsewhere('function', object, 'it is called instead'), object, effect: 'SILENT' })),
    ...of('type')
      .filter(({ name }) => name in enums || name in domains)
      .map(({ name: object }): Finding => ({ ...elsewhere('type', object, 'values are cast to that type, and statements that meet our columns fail'), object, effect: 'FAILS', sqlState: '42804' })),
    ...['function', 'operator'].flatMap((what) => of(`builtin ${what}` as Hidden['class']).map(({ name: object }): Finding => ({ ...elsewhere(what, object, 'it is called in its place', 'pg_catalog'), object, effect: 'SILENT' }))),
    ...of('builtin type').map(({ name: object }): Finding => ({ ...elsewhere('type', object, 'values are cast to that type', 'pg_catalog'), object, effect: 'FAILS', sqlState: '42804' })),
  ];
}
