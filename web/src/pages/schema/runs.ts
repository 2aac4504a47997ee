import type { Client, CombinedError } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import {
  ApplyMigrationsDocument, RepairSchemaDocument, type RepairFragment, RepairsDocument, type RunOutcomeFragment, SchemaHealthDocument, type StepFragment,
} from '../../graphql/graphql.ts';
import type { Health } from './useHealth.ts';

/** What a run is asked for: steps of the repair plan, or the pending migrations. */
export type Asked = { kind: 'repair'; stepIds: readonly string[] } | { kind: 'migrate' };

/** Why nothing was done, or no answer came. */
export type Refusal = { error: CombinedError | undefined; userErrors: readonly { code: string; message: string }[] };

/** Exactly what would run, and the schema for which that was said. */
export type Preview = { steps: readonly StepFragment[]; health: Health };

/** What became of it, with the check that was made afterwards. */
export type Outcome = { executed: readonly StepFragment[]; failed: readonly StepFragment[]; skipped: readonly StepFragment[]; health: Health };

export type Stage =
  | { at: 'reading' }
  | { at: 'refused'; refusal: Refusal }
  | { at: 'preview'; preview: Preview; refusal?: Refusal }
  | { at: 'applying'; preview: Preview }
  | { at: 'changed'; preview: Preview; now: Health }
  | { at: 'running'; preview: Preview; repair: RepairFragment | null; unreadable: string | null }
  | { at: 'ended'; preview: Preview; outcome: Outcome };

/** What would run now; nothing is changed. */
export async function readPreview(client: Client, asked: Asked): Promise<Stage> {
  const { outcome, error } = await request(client, asked, { dryRun: true });
  if (outcome && outcome.userErrors.length === 0) return { at: 'preview', preview: { steps: outcome.skipped, health: outcome.health } };
  return { at: 'refused', refusal: { error, userErrors: outcome?.userErrors ?? [] } };
}

/** Runs exactly what was previewed, or nothing when the schema has moved since. */
export async function applyPreview(client: Client, asked: Asked, preview: Preview): Promise<Stage> {
  const { outcome, error } = await request(client, asked, { dryRun: false, planHash: preview.health.planHash });
  refetchAll(client);
  if (outcome?.userErrors.some(({ code }) => code === 'STALE')) return { at: 'changed', preview, now: outcome.health };
  if (!outcome || outcome.userErrors.length > 0) return { at: 'preview', preview, refusal: { error, userErrors: outcome?.userErrors ?? [] } };
  if (outcome.running) return { at: 'running', preview, repair: null, unreadable: null };
  const wasAsked = new Set(preview.steps.map(({ id }) => id));
  // The rest of the plan was not asked for: it is not what was skipped.
  return { at: 'ended', preview, outcome: { ...outcome, skipped: outcome.skipped.filter(({ id }) => wasAsked.has(id)) } };
}

/** How far a run is that goes on without us: what its process has written down, and the new check once it has ended. */
export async function follow(client: Client, preview: Preview): Promise<Stage> {
  const { data, error } = await client.query(RepairsDocument, { first: 1 }, { requestPolicy: 'network-only' }).toPromise();
  const repair = data?.schemaRepairs.repairs?.[0] ?? null;
  const goesOn = (unreadable: string | null): Stage => ({ at: 'running', preview, repair, unreadable });
  if (!repair) return goesOn(data?.schemaRepairs.error ?? error?.message ?? 'nothing is written down yet.');
  if (repair.state === 'RUNNING') return goesOn(null);
  const check = await client.query(SchemaHealthDocument, { refresh: true }, { requestPolicy: 'network-only' }).toPromise();
  if (!check.data) return goesOn('the new check has not been read yet.');
  refetchAll(client);
  const steps = (...states: string[]) => repair.steps.filter(({ state }) => states.includes(state)).map(({ step }) => step);
  return { at: 'ended', preview, outcome: { executed: steps('DONE'), failed: steps('FAILED'), skipped: steps('SKIPPED', 'PENDING'), health: check.data.schemaHealth } };
}

type Answer = { outcome: RunOutcomeFragment | undefined; error: CombinedError | undefined };

async function request(client: Client, asked: Asked, { dryRun, planHash }: { dryRun: boolean; planHash?: string | null }): Promise<Answer> {
  if (asked.kind === 'repair') {
    const { data, error } = await client.mutation(RepairSchemaDocument, { input: { dryRun, stepIds: [...asked.stepIds], planHash } }).toPromise();
    return { outcome: data?.repairSchema, error };
  }
  const { data, error } = await client.mutation(ApplyMigrationsDocument, { input: { dryRun } }).toPromise();
  return { outcome: data?.applyMigrations, error };
}

function refetchAll(client: Client): void {
  refetch(client, ['SchemaHealth', 'Verdict', 'Repairs', 'DriftHistory']);
}
