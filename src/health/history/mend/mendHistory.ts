import { loadMigrations } from '../../../migrate/migrations.ts';
import { expectedCatalog } from '../../expectedCatalog.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { planMend, type MendingPlan } from './planMend.ts';
import { readHistories, stateOf } from './readHistories.ts';
import { inOneTransaction, keepMigrationsAway, MendingError, recordActivity, stale, withOwner } from './runPlan.ts';

/** How the history would be mended; changes nothing. */
export async function planHistoryRepair(ownerUrl: string): Promise<MendingPlan> {
  const migrations = await loadMigrations();
  return withOwner(ownerUrl, async (client) => planMend(await readHistories(client, expectedCatalog), migrations));
}

/**
 * Runs exactly the plan of this hash, in one transaction and while nobody migrates.
 * @throws {MendingError} when the schema or the history is another by now, or a statement failed; nothing stays then
 */
export async function applyHistoryRepair(ownerUrl: string, hash: string, log: (line: string) => void): Promise<MendingPlan> {
  const migrations = await loadMigrations();
  return withOwner(ownerUrl, async (client) => {
    await keepMigrationsAway(client, log);
    const histories = await readHistories(client, expectedCatalog);
    const plan = planMend(histories, migrations);
    if (plan.planHash !== hash) throw new MendingError(stale);
    await inOneTransaction(client, 'commit', async () => {
      if (histories.reading.catalog.relations[HISTORY_TABLE]?.kind === 'r') await client.query(`lock table ${HISTORY_TABLE} in access exclusive mode`);
      if ((await stateOf(client, expectedCatalog, histories.reading)) !== histories.state) throw new MendingError(stale);
      for (const { does, sql } of plan.steps) {
        log(does);
        for (const statement of sql) await client.query(statement);
      }
      for (const { does, why, sql } of plan.steps) await recordActivity(client, 'schema.history.repair', does, { does, why, sql }, log);
    });
    return plan;
  });
}
