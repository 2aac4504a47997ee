import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';

const nouns: Record<string, string> = { tables: 'relation', sequences: 'sequence', functions: 'function', types: 'type', schemas: 'schema' };

/**
 * Objects owned by another role than the rest, for which the owner of the rest may not act. Who owns all of it is of no
 * interest: a database may belong to anybody, and its tables to somebody else.
 */
export function compareOwners(expected: ExpectedCatalog, { relations, owners: { objects, actsFor } }: LiveCatalog): Finding[] {
  const usual = new Map(Object.entries(objects).map(([kind, list]) => [kind, mostCommon(list)]));
  const { schemas = {}, tables = {} } = objects;
  // A table takes its sequences along.
  const withTable = new Set(Object.entries(tables).flatMap(([table, owner]) => Object.values(relations[table]?.columns ?? {}).map(({ sequence }) => `${sequence} ${owner}`)));
  return Object.entries(objects).flatMap(([kind, list]) => {
    const owner = usual.get(kind) ?? '';
    const others = kind === 'tables' ? [] : kind === 'schemas' ? [...usual.values()] : [usual.get('tables'), ...Object.values(schemas)];
    return Object.entries(list)
      .filter(([name, other]) => isOurs(kind, name, expected) && !(kind === 'sequences' && withTable.has(`${name} ${other}`)) && other !== owner && !others.includes(other) && !actsFor[owner]?.includes(other))
      .map(([name, other]): Finding => ({
        kind: 'OWNER',
        ...(kind === 'tables' ? { table: name } : { object: name }),
        effect: 'LATENT',
        expected: owner,
        actual: other,
        message: `The ${nouns[kind]} ${name} belongs to the role ${other}, the rest to ${owner}: the next migration that changes it fails unless a superuser runs it.`,
      }));
  });
}

function isOurs(kind: string, name: string, { functions, enums, domains }: ExpectedCatalog): boolean {
  return kind === 'functions' ? name in functions : kind === 'types' ? name in enums || name in domains : true;
}

/** The role that owns most of a class; when two own as many, the one that owns the history. */
function mostCommon(list: Record<string, string>): string {
  const counts = new Map<string, number>();
  for (const owner of Object.values(list)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const first = [...counts].filter(([, count]) => count === most).map(([owner]) => owner);
  return first.find((owner) => owner === list[HISTORY_TABLE]) ?? first[0] ?? '';
}
