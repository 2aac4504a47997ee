import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';

/** The rules of a collation came with the operating system, and went with its next version. */
export function compareCollationVersions({ collations }: LiveCatalog): Finding[] {
  return collations.map(({ name, isDefault, recorded, actual, indexes }): Finding => {
    const what = isDefault ? `The collation of the database ${name}` : `The collation ${name}`;
    const now = actual ?? 'none';
    const risk = indexes.length > 0 ? `${indexes.length} indexes of ours (${some(indexes)}) may be in the wrong order, so that rows are not found and duplicates accepted` : 'lists may be sorted otherwise';
    return { kind: 'COLLATION_VERSION', object: name, effect: indexes.length > 0 ? 'CORRUPTION' : 'SILENT', expected: recorded, actual: now, message: `${what} had version ${recorded} and now has ${now}: ${risk}. Reindex, then refresh the version.` };
  });
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, …` : names.join(', ');
}
