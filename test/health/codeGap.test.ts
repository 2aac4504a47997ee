import { operationMap } from '../../src/app/operations.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { compareCode } from '../../src/health/compare/codeGap.ts';
import { expectedCatalog } from '../../src/health/expectedCatalog.ts';

test('the migrations of this build make all that its operations need', async () => {
  const orm = await createOrm({ url: 'postgresql://127.0.0.1:1/nowhere' });

  expect(compareCode(expectedCatalog, operationMap(orm))).toEqual([]);
});

test.each([
  ['a column', 'jobs.colour', { table: 'jobs', column: 'colour', sqlState: '42703' }],
  ['a right on a column', 'jobs.colour#INSERT', { table: 'jobs', column: 'colour', sqlState: '42703' }],
  ['a table', 'invoices', { object: 'invoices', sqlState: '42P01' }],
  ['a value of an enum', 'colour=red', { object: 'colour', sqlState: '42P01' }],
])('%s that the code needs and no migration makes is a gap of the build', (_, part, place) => {
  expect(compareCode(expectedCatalog, { jobs: ['Query.jobs'], [part]: ['Query.jobs'] })).toEqual([
    expect.objectContaining({ kind: 'CODE_GAP', effect: 'FAILS', ...place }),
  ]);
});
