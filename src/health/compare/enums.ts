import type { Catalog } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import type { Names } from './names/names.ts';
import { withSchema } from './withSchema.ts';

/** Values missing or surplus, and the order, which is also how they sort. Enums that are not ours are of no interest. */
export function compareEnums(expected: Catalog['enums'], actual: Catalog['enums'], names: Names): Finding[] {
  return Object.entries(expected).flatMap(([name, labels]) => {
    const found = actual[name];
    return found ? compareEnum(name, labels, found) : withSchema([missing(name, labels)], names);
  });
}

function missing(object: string, labels: string[]): Finding {
  return {
    kind: 'ENUM',
    object,
    effect: 'FAILS',
    sqlState: '42704',
    expected: labels.join(', '),
    lost: object,
    message: `The enum ${object} is missing: whatever names it fails.`,
  };
}

function compareEnum(object: string, expected: string[], actual: string[]): Finding[] {
  const place = { kind: 'ENUM', object, expected: expected.join(', '), actual: actual.join(', ') } as const;
  const findings: Finding[] = [];
  for (const detail of expected.filter((label) => !actual.includes(label))) {
    findings.push({ ...place, detail, effect: 'FAILS', sqlState: '22P02', message: `The enum ${object} lacks the value ${detail}: writing it or looking for it fails.` });
  }
  for (const detail of actual.filter((label) => !expected.includes(label))) {
    findings.push({ ...place, detail, effect: 'LATENT', message: `The enum ${object} has the value ${detail}, which this version does not know: rows that hold it cannot be shown.` });
  }
  const common = (labels: string[], others: string[]) => labels.filter((label) => others.includes(label)).join();
  if (common(expected, actual) !== common(actual, expected)) {
    findings.push({ ...place, detail: 'order', effect: 'SILENT', message: `The values of the enum ${object} stand in another order, so they sort and compare wrongly.` });
  }
  return findings;
}
