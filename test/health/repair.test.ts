import { createTestDatabase } from '../support/database.ts';
import { cases } from './repairCases.ts';
import { contents, counts, fill, repairable, repairAll } from './repairSupport.ts';
import { run } from './support.ts';

test.each(cases)('a repair mends %s, and keeps every row', async (_, statements, { risk, values } = {}) => {
  const database = await createTestDatabase();
  const repair = repairable(database.url);
  try {
    await fill(database.url);
    const ours = await contents(database.url);
    await run(database, ...[statements].flat());

    const { failed, skipped, before, after } = await repairAll(repair, risk ? ['SAFE', 'CAUTION'] : ['SAFE']);

    expect(before.status).not.toBe('READY');
    expect(failed).toEqual([]);
    expect(skipped).toEqual([]);
    expect(after.drift.filter(({ effect }) => effect !== 'NONE')).toEqual([]);
    if (values === 'change') expect(await counts(database.url)).toEqual(Object.fromEntries(Object.entries(ours).map(([table, sum]) => [table, Number(sum.split(' ')[0])])));
    else expect(await contents(database.url)).toEqual(ours);
  } finally {
    await repair.close();
    await database.drop();
  }
});
