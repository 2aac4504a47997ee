import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';

/** One cause where all triggers of a table, or all of a session, are off: `findings` are those of the tables. */
export function compareDisabledTriggers({ relations, triggersFire, database }: LiveCatalog, findings: readonly Finding[]): Finding[] {
  const tables = Object.keys(relations).filter((table) => relations[table]?.keysOff);
  return [
    ...(triggersFire ? [] : [noneFires(database.user)]),
    ...tables.filter((table) => findings.filter(({ needs }) => needs?.includes(`triggers:${table}`)).length > 1).map(allOff),
  ];
}

function allOff(table: string): Finding {
  return {
    kind: 'TRIGGER',
    table,
    detail: 'all',
    effect: 'SILENT',
    expected: 'enabled',
    actual: 'disabled',
    lost: `triggers:${table}`,
    message: `The triggers of ${table} are disabled, those of its foreign keys too (DISABLE TRIGGER ALL): nothing guards its rows. As a superuser, run "alter table ${table} enable trigger all".`,
  };
}

function noneFires(user: string): Finding {
  return {
    kind: 'TRIGGER',
    object: 'session_replication_role',
    effect: 'SILENT',
    expected: 'origin',
    actual: 'replica',
    message: `The role ${user} writes as replication does (session_replication_role = replica): no trigger fires and no foreign key is checked. Reset the setting of the role or of the database.`,
  };
}
