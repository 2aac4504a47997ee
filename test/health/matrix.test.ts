import { evenly } from '../drift-matrix/evenly.ts';
import { listFaults } from '../drift-matrix/summary.ts';
import { walk } from '../drift-matrix/walk.ts';
import { makeWorkshop } from '../drift-matrix/workshop.ts';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';

// A part of what `npm run drift-matrix` walks through, spread over all classes: some 25 s of it.
const CHANGES = 100;

it('finds drift of every class in our schema, and says nothing of what is harmless', async () => {
  const database = await createTestDatabase();
  try {
    const steps = await walk({ url: database.url, choose: (all) => evenly(all, CHANGES) });
    expect(steps).toHaveLength(CHANGES);
    expect(listFaults(steps, Infinity)).toBe('');
  } finally {
    await database.drop();
  }
});

it('finds drift of the classes that our schema has not, and says nothing of what is harmless', async () => {
  const database = await createEmptyDatabase();
  try {
    const expected = await makeWorkshop(database.url);
    const steps = await walk({ url: database.url, expected, choose: (all) => evenly(all, CHANGES) });
    expect(steps).toHaveLength(CHANGES);
    expect(listFaults(steps, Infinity)).toBe('');
  } finally {
    await database.drop();
  }
});
