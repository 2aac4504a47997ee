import type { MikroORM } from '@mikro-orm/postgresql';
import { createOrm } from '../../src/database/createOrm.ts';
import { expectedCatalog, type ExpectedCatalog } from '../../src/health/expectedCatalog.ts';
import { SchemaHealth } from '../../src/health/schemaHealth.ts';
import type { Change } from './change.ts';
import { changesOf } from './changes/index.ts';
import { evenly } from './evenly.ts';
import { takeInventory } from './inventory.ts';
import { judge, type Judgement, type Outcome } from './judge.ts';
import { makeRoles, SERVER } from './roles.ts';
import { shareSession, type SharedSession } from './sharedSession.ts';

export interface Step extends Judgement {
  change: Change;
  /** what MikroORM's comparator made of it; null where it was not asked */
  peer: Outcome | null;
}

export interface WalkOptions {
  /** of a superuser, to a database with the expected schema and no rows; nothing in it is changed */
  url: string;
  expected?: ExpectedCatalog;
  /** which of all changes to make, in which order */
  choose?: (all: Change[]) => Change[];
  /** of how many changes MikroORM's comparator is asked too; none unless told */
  askPeer?: number;
}

const quiet = { info: () => {}, warn: () => {} };

/** Makes one change after the other, each in a transaction of its own that is rolled back, and judges what is said of it. */
export async function walk({ url, expected = expectedCatalog, choose = (all) => all, askPeer = 0 }: WalkOptions): Promise<Step[]> {
  const session = await shareSession(url);
  const health = new SchemaHealth({ url: session.readers, policy: 'STRICT', operations: {}, log: quiet, deadline: 20_000 }, expected);
  const orm = askPeer > 0 ? await createOrm({ url: session.readers, poolSize: 1 }) : null;
  try {
    await session.client.query(`set search_path = "${expected.schemas[0]}"`);
    await makeRoles(session.client, expected.schemas);
    const all = changesOf(await takeInventory(session.client, expected.schemas));
    await refuseOthers(session, health, orm);
    const chosen = choose(all);
    const forPeer = new Set(evenly(chosen.filter(({ comparable }) => comparable !== false), askPeer));
    const steps: Step[] = [];
    for (const change of chosen) steps.push(await take(change, session, health, forPeer.has(change) ? orm : null));
    return steps;
  } finally {
    await Promise.all([health.close(), orm?.close()]);
    await session.close();
  }
}

async function take(change: Change, session: SharedSession, health: SchemaHealth, orm: MikroORM | null): Promise<Step> {
  const { client } = session;
  await client.query('begin');
  try {
    for (const sql of change.sql) await client.query(sql);
    const judged = judge(change, await reportIn(session, health));
    return { change, ...judged, peer: orm ? await peerOutcome(orm, change, session) : null };
  } catch (error) {
    if ((error as { severity?: string }).severity !== 'ERROR') throw error;
    return { change, outcome: 'refused', fault: (error as Error).message, peer: null };
  } finally {
    await client.query('rollback');
  }
}

/** As the server's role sees it, which may not write. */
async function reportIn({ client }: SharedSession, health: SchemaHealth): ReturnType<SchemaHealth['check']> {
  await client.query(`savepoint before_reading; set local role ${SERVER}; set local transaction_read_only = on; savepoint reading`);
  const report = await health.check({ refresh: true });
  await client.query('rollback to savepoint before_reading');
  return report;
}

async function peerOutcome(orm: MikroORM, { expected }: Change, { client }: SharedSession): Promise<Outcome> {
  await client.query('savepoint reading');
  const said = await orm.schema.getUpdateSchemaSQL().then((sql) => sql.trim() !== '', () => true);
  await client.query('rollback to savepoint reading');
  if (expected === null) return said ? 'false alarm' : 'silent';
  return said ? 'found' : 'missed';
}

/** A walk from anything but the expected schema would prove nothing. */
async function refuseOthers(session: SharedSession, health: SchemaHealth, orm: MikroORM | null): Promise<void> {
  const nothing: Change = { class: 'nothing', object: 'nothing', change: 'nothing', sql: [], expected: null };
  const { outcome, fault, peer } = await take(nothing, session, health, orm);
  if (outcome !== 'silent') throw new Error(`The schema is not the expected one before any change: ${fault}`);
  if (peer === 'false alarm') throw new Error("MikroORM's comparator finds something before any change.");
}
