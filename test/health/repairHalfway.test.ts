import { createTestDatabase, queryOnce } from '../support/database.ts';
import { cases, type Case } from './repairCases.ts';
import { counts, fill, repairable, repairAll } from './repairSupport.ts';
import { checkOnce, run } from './support.ts';

/** Those whose mending is several statements, of which some cannot be one transaction. */
const chosen = [
  'a column that is generated no more', 'a column that accepts NULL', 'a unique key that became deferrable', 'a missing foreign key', 'an index over other columns',
  'two missing enum values, of which one is placed by the other',
];

const found = cases.filter(([what]) => chosen.includes(what));
test('every one of them is tried', () => expect(found).toHaveLength(chosen.length));

test.each(found)('a repair of %s that was cut off after any statement, or in the midst of a build, completes when it is run again', async (_, statements) => {
  for (let done = 0; ; done++) {
    const left = await leftAfter(done, statements);
    if (left === null) break;
    expect({ done, ...left }).toMatchObject({ before: left.after, failed: [], drift: [] });
  }
});

/** What differs when a repair ran on a database on which an earlier one got through `done` statements and into the next build. */
async function leftAfter(done: number, statements: Case[1]) {
  const database = await createTestDatabase();
  const repair = repairable(database.url);
  try {
    await fill(database.url);
    await run(database, ...[statements].flat());
    const before = await counts(database.url);
    const { repairPlan } = await checkOnce(database.url);
    if (done >= repairPlan.length) return null;
    await run(database, ...repairPlan.slice(0, done).map(({ sql }) => sql));
    await buildInVain(database.url, repairPlan[done]?.sql ?? '');
    // What is left may be a name only, which makes no difference.
    const halfway = await repair.health.check();
    const { failed, after } = halfway.planHash === null ? { failed: [], after: halfway } : await repairAll(repair);
    return { before, after: await counts(database.url), failed, drift: after.drift.filter(({ effect }) => effect !== 'NONE').map(({ id }) => id) };
  } finally {
    await repair.close();
    await database.drop();
  }
}

/** What a build leaves behind when its connection is lost. */
async function buildInVain(url: string, sql: string): Promise<void> {
  const name = /^create (?:unique )?index concurrently (?:if not exists )?("[^"]+")/i.exec(sql)?.[1];
  if (name === undefined) return;
  await queryOnce(url, sql);
  await queryOnce(url, `update pg_index set indisvalid = false where indexrelid = '${name}'::regclass`);
}
