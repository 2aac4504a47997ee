import type { Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { sameText } from './sqlText.ts';

/** Where a table stands among others: as a partition, by what it is partitioned, and from which tables it inherits. */
export function comparePartitions(table: string, expected: Relation, actual: Relation): Finding[] {
  const place = { kind: 'RELATION_KIND', table } as const;
  const differs = expected.parent !== actual.parent || !sameText(expected.partitionBound, actual.partitionBound);
  const findings: Finding[] = [];
  if (differs) {
    const [wanted, found] = [positionOf(expected), positionOf(actual)];
    const message = expected.parent === null
      ? `The table ${table} is now ${found}: only rows of that part go into it, and they show in ${actual.parent} too.`
      : actual.parent === null
        ? `The table ${table} is no longer ${wanted}: reads of ${expected.parent} miss its rows, and writes of them fail.`
        : `The table ${table} is ${found} instead of ${wanted}: rows of the other parts find no place.`;
    findings.push({ ...place, detail: 'partition', effect: expected.parent !== null && actual.parent === null ? 'SILENT' : 'WRITE_FAILS', sqlState: '23514', expected: wanted, actual: found, needs: expected.parent === null ? [] : [expected.parent], message });
  }
  if (!sameText(expected.partitionKey, actual.partitionKey)) {
    findings.push({ ...place, detail: 'key', effect: 'WRITE_FAILS', sqlState: '23514', expected: `by ${expected.partitionKey}`, actual: `by ${actual.partitionKey}`, message: `The table ${table} is partitioned by ${actual.partitionKey} instead of ${expected.partitionKey}.` });
  }
  for (const parent of expected.inherits.filter((name) => !actual.inherits.includes(name))) {
    findings.push({ ...place, detail: parent, effect: 'SILENT', expected: `inherits ${parent}`, actual: 'does not inherit it', needs: [parent], message: `The table ${table} no longer inherits ${parent}: reads of ${parent} miss its rows.` });
  }
  for (const parent of actual.inherits.filter((name) => !expected.inherits.includes(name))) {
    findings.push({ ...place, detail: parent, effect: 'LATENT', expected: 'inherits nothing of it', actual: `inherits ${parent}`, message: `The table ${table} inherits ${parent}: its rows show in reads of ${parent}, and it changes with it.` });
  }
  return findings;
}

function positionOf({ parent, partitionBound }: Relation): string {
  return parent === null ? 'a table by itself' : `a partition of ${parent} ${partitionBound ?? ''}`.trim();
}
