import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import type { OperationMap } from '../monitor.ts';

/** What the operations of this build need and none of its migrations makes: the build contradicts itself. */
export function compareCode(expected: ExpectedCatalog, operations: OperationMap): Finding[] {
  const parts = new Set(Object.keys(operations).map((key) => key.replace(/[#=].*$/, '')));
  const gaps = [...parts].filter((part) => !isMade(part, expected));
  return gaps.map((part): Finding => {
    const table = Object.keys(expected.relations).find((name) => part.startsWith(`${name}.`));
    const place = table === undefined ? { object: part } : { table, column: part.slice(table.length + 1) };
    const message = `The code of this version uses ${part}, which none of its migrations makes: deploy the version before it, and report this one.`;
    return { ...place, kind: 'CODE_GAP', effect: 'FAILS', sqlState: table === undefined ? '42P01' : '42703', expected: part, message };
  });
}

function isMade(part: string, { relations, enums, functions }: ExpectedCatalog): boolean {
  const dot = part.lastIndexOf('.');
  const isColumn = relations[part.slice(0, dot)]?.columns[part.slice(dot + 1)] !== undefined;
  return isColumn || part in relations || part in enums || Object.keys(functions).some((name) => name.replace(/\(.*$/, '') === part.replace(/\(.*$/, ''));
}
