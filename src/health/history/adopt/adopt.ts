import { createHash } from 'node:crypto';
import { escapeIdentifier, type Client } from 'pg';
import { createHistory, recordProgress } from '../../../migrate/history.ts';
import { loadMigrations, type MigrationFile } from '../../../migrate/migrations.ts';
import { KEPT_SCHEMA } from '../../../migrate/refusals.ts';
import { expectedCatalog } from '../../expectedCatalog.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { foreignHistories } from '../foreign.ts';
import { readHistories, stateOf, type Histories } from '../mend/readHistories.ts';
import { inOneTransaction, keepMigrationsAway, MendingError, recordActivity, stale, withOwner } from '../mend/runPlan.ts';
import { mapTable } from './convertRow.ts';
import { copyTable, type TableOutcome } from './copyTable.ts';
import { grantAgain, grantsOn } from './grants.ts';
import { takeInventory, type Inventory } from './inventory.ts';
import { setAside } from './setAside.ts';

/** How a database that another system made would be taken over. It happens as a whole or not at all. */
export interface AdoptionPlan {
  /** migrations whose tables are there and fit: they are only recorded */
  stamped: string[];
  /** migrations that are run */
  applied: string[];
  /** relations, types and functions that move to the schema outrider_kept, with every row; nothing is dropped */
  setAside: string[];
  /** what becomes of the rows of the tables that bear our names */
  tables: TableOutcome[];
  /** names exactly this outcome for exactly these rows; null when there is nothing to take over */
  planHash: string | null;
  /** why there is nothing to take over */
  reason: string | null;
}

/** Where a trial builds our tables; rolled back at its end. */
const TRIAL_SCHEMA = 'outrider_trial';

/**
 * What adopting would do, row by row: it is done beside the present tables, which go on working, and taken back.
 * @throws {MendingError}
 */
export async function planAdoption(ownerUrl: string): Promise<AdoptionPlan> {
  return withOwner(ownerUrl, async (client) => {
    const histories = await readHistories(client, expectedCatalog);
    const reason = whyNot(histories);
    if (reason !== null) return { stamped: [], applied: [], setAside: [], tables: [], planHash: null, reason };
    const inventory = await takeInventory(client, histories);
    const { schema } = histories.reading.catalog.database;
    return inOneTransaction(client, 'rollback', async () => {
      await client.query(`create schema ${TRIAL_SCHEMA}; set local search_path = ${TRIAL_SCHEMA}`);
      const makers = inventory.applied.filter(({ name }) => makes(name, inventory.converted));
      await run(client, makers.map(({ name }) => name));
      const tables = await copyAll(client, histories, inventory, schema, (table) => table, TRIAL_SCHEMA);
      return planOf(histories, inventory, tables);
    });
  });
}

/**
 * Takes the database over exactly as the plan of this hash says, in one transaction and while nobody migrates.
 * @throws {MendingError} when the schema or a row is another by now, or a statement failed; nothing stays then
 */
export async function applyAdoption(ownerUrl: string, hash: string, log: (line: string) => void): Promise<AdoptionPlan> {
  return withOwner(ownerUrl, async (client) => {
    await keepMigrationsAway(client, log);
    const histories = await readHistories(client, expectedCatalog);
    const reason = whyNot(histories);
    if (reason !== null) throw new MendingError(reason);
    const inventory = await takeInventory(client, histories);
    const { schema } = histories.reading.catalog.database;
    return inOneTransaction(client, 'commit', async () => {
      await hold(client, inventory);
      if ((await stateOf(client, expectedCatalog, histories.reading)) !== histories.state) throw new MendingError(stale);
      const grants = await grantsOn(client, schema, inventory.moved.map(({ name }) => name));
      const keptNames = await setAside(client, inventory, log);
      await createHistory(client);
      for (const { name } of inventory.stamped) await record(client, name);
      await run(client, inventory.applied.map(({ name }) => name), async (name) => {
        log(`Applied ${name}.`);
        await record(client, name);
      });
      const tables = await copyAll(client, histories, inventory, KEPT_SCHEMA, (table) => keptNames.get(table) ?? table, schema, log);
      const plan = planOf(histories, inventory, tables);
      if (plan.planHash !== hash) throw new MendingError(stale);
      await grantAgain(client, expectedCatalog, grants);
      await recordActivity(client, 'schema.adopted', 'adoption', plan, log);
      return plan;
    });
  });
}

/** Whether a migration makes one of these tables, or a part of one. */
function makes(migration: string, tables: readonly string[]): boolean {
  return Object.entries(expectedCatalog.origins).some(([object, origin]) => origin === migration && tables.includes(object.split(/[.#]/)[0]!));
}

/** No row comes or goes while the tables are taken over. */
async function hold(client: Client, { moved }: Inventory): Promise<void> {
  const tables = moved.filter(({ kind }) => kind === 'r' || kind === 'p').map(({ name }) => escapeIdentifier(name));
  if (tables.length > 0) await client.query(`lock table ${tables.join(', ')} in access exclusive mode`);
}

/** Why there is nothing to take over; null when there is. */
function whyNot({ reading: { catalog, history }, effects }: Histories): string | null {
  if ('error' in history) return `The history cannot be read (${history.error}): run this as the role that owns it (DATABASE_OWNER_URL).`;
  const isOthers = foreignHistories(catalog).some(({ table }) => table === HISTORY_TABLE);
  if ('rows' in history && history.rows.length > 0 && !isOthers) return 'Outrider has a history of its own here: nothing is to be taken over. Run "outrider schema history --repair" to mend it.';
  if (isOthers || [...effects.values()].some(({ present }) => present.length > 0)) return null;
  return 'None of our tables is there: nothing is to be taken over. Run "outrider migrate".';
}

async function run(client: Client, names: readonly string[], after: (name: string) => Promise<void> = async () => {}): Promise<void> {
  const migrations = await loadMigrations();
  for (const name of names) {
    for (const statement of migrations.find((migration) => migration.name === name)?.statements ?? []) await client.query(statement);
    await after(name);
  }
}

async function record(client: Client, name: string): Promise<void> {
  const migration = (await loadMigrations()).find((candidate) => candidate.name === name) as MigrationFile;
  await recordProgress(client, migration, { applied: migration.statements.length, durationMs: 0, by: 'outrider schema history --adopt' });
}

async function copyAll(client: Client, { expected, reading: { catalog } }: Histories, { converted }: Inventory, from: string, nameOf: (table: string) => string, to: string, log: (line: string) => void = () => {}): Promise<TableOutcome[]> {
  const outcomes: TableOutcome[] = [];
  for (const table of converted) {
    const there = catalog.relations[table]?.columns ?? {};
    const mapping = mapTable(table, expected, there);
    const outcome = await copyTable(client, expected, mapping, from, nameOf(table), to);
    outcome.changes = mapping.columns.flatMap(({ name, column, sources: [source] }) => {
      if (source === undefined) return [];
      const type = there[source]?.type;
      return [...(source === name ? [] : [`${name} from ${source}`]), ...(type === column.type ? [] : [`${name}: ${type} becomes ${column.type}`])];
    });
    log(`${table}: took over ${outcome.fits + outcome.converted} of ${outcome.rows} rows.`);
    outcomes.push(outcome);
  }
  return outcomes;
}

function planOf({ state, expected: { digest } }: Histories, { stamped, applied, moved, types, functions, schemas }: Inventory, tables: TableOutcome[]): AdoptionPlan {
  const plan = {
    stamped: stamped.map(({ name }) => name),
    applied: applied.map(({ name }) => name),
    setAside: [...moved.map(({ name }) => name), ...types.map((name) => `type ${name}`), ...functions.map((name) => `function ${name}`), ...schemas.map((name) => `schema ${name}`)],
    tables,
  };
  return { ...plan, planHash: createHash('sha256').update(JSON.stringify([state, digest, plan])).digest('hex').slice(0, 32), reason: null };
}
