import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';

/** Extensions that our objects need. Others are of no interest, nor is a newer version. */
export function compareExtensions({ extensions }: ExpectedCatalog, live: LiveCatalog): Finding[] {
  return Object.entries(extensions).flatMap(([object, { schema, version }]): Finding[] => {
    const found = live.extensions[object];
    const place = { kind: 'EXTENSION', object } as const;
    if (!found) return [{ ...place, effect: 'FAILS', sqlState: '42704', expected: `in ${schema}`, actual: 'missing', lost: object, message: `The extension ${object} is missing: types, functions and indexes that come from it fail.` }];
    const findings: Finding[] = [];
    if (found.schema !== schema) {
      findings.push({ ...place, detail: 'schema', effect: 'FAILS', sqlState: '42883', expected: `in ${schema}`, actual: `in ${found.schema}`, lost: object, message: `The extension ${object} was moved to the schema ${found.schema}: what names its types and functions does not find them.` });
    }
    const offered = live.offered[object] ?? version;
    if (isOlder(found.version, version) && isOlder(found.version, offered)) {
      findings.push({ ...place, detail: 'version', effect: 'LATENT', expected: version, actual: found.version, message: `The extension ${object} is ${found.version}, older than the ${version} that our schema was made with; the server has ${offered}.` });
    }
    return findings;
  });
}

/** By the numbers in it: 1.9 is older than 1.10. */
function isOlder(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}
