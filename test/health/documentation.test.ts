import { readFileSync } from 'node:fs';
import { driftKinds } from '../../src/health/driftKind.ts';
import { effectsByUrgency } from '../../src/health/report.ts';

const page = readFileSync('docs/schema-health.md', 'utf8');

/** The words of a table's first column, where a row may name several. */
const firstCells = [...page.matchAll(/^\| ([A-Z_, ]+) \|/gm)].flatMap(([, names = '']) => names.split(', '));

describe('docs/schema-health.md', () => {
  test.each(driftKinds)('says what to do about %s, once', (kind) => {
    expect(firstCells.filter((name) => name === kind)).toEqual([kind]);
  });

  test.each(effectsByUrgency)('says what people see of %s', (effect) => {
    expect(firstCells).toContain(effect);
  });

  test.each(['READY', 'DRIFTED', 'BROKEN', 'UNVERIFIED', 'UNREACHABLE'])('says what %s means', (status) => {
    expect(firstCells).toContain(status);
  });
});
