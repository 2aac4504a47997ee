import { makeWorkshop } from '../drift-matrix/workshop.ts';
import { evenly } from '../drift-matrix/evenly.ts';
import { faultsIn, listFaults } from '../drift-matrix/summary.ts';
import { walk } from '../drift-matrix/walk.ts';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';

// A part of what `npm run drift-matrix` walks through, spread over all classes.

it('finds drift of every class in our schema, and says nothing of what is harmless', async () => {
  const database = await createTestDatabase();
  try {
    const steps = await walk({ url: database.url, choose: (all) => evenly(all, 200) });
    expect(steps).toHaveLength(200);
    expect(listFaults(steps, Infinity)).toBe('');
    expect(faultsIn(steps)).toEqual([]);
  } finally {
    await database.drop();
  }
}, 120_000);

it('finds drift of the classes that our schema has not, and says nothing of what is harmless', async () => {
  const database = await createEmptyDatabase();
  try {
    const expected = await makeWorkshop(database.url);
    const steps = await walk({ url: database.url, expected, choose: (all) => evenly(all, 200) });
    expect(steps).toHaveLength(200);
    expect(listFaults(steps, Infinity)).toBe('');
  } finally {
    await database.drop();
  }
}, 120_000);
