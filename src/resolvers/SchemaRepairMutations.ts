import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { ApplyMigrationsInput, RepairSchemaInput, SchemaRepair } from '../schema/SchemaRepair.ts';
import { applyMigrations } from '../services/applyMigrations.ts';
import type { RepairContext, RepairOutcome } from '../services/repairContext.ts';
import { repairSchema } from '../services/repairSchema.ts';
import type { Context, SchemaHealthReport } from './context.ts';
import { withUserErrors } from './userErrors.ts';

/** A `SchemaRepair` before its userErrors are copied for GraphQL. */
type Answer = Omit<SchemaRepair, 'health' | 'userErrors'> & { health: SchemaHealthReport; userErrors: readonly UserError[] };

@Resolver(() => SchemaRepair)
export class SchemaRepairMutations {
  @Mutation(() => SchemaRepair, { description: 'Runs the repair plan that was read. It goes on when the request ends, and its end comes through schemaHealthChanged.' })
  repairSchema(
    @Ctx() context: Context,
    @Arg('input', () => RepairSchemaInput, { description: 'Which plan.' }) input: RepairSchemaInput,
  ): Promise<Answer> {
    return answer(context, input.dryRun, (services) => repairSchema(services, input));
  }

  @Mutation(() => SchemaRepair, { description: 'Applies every pending migration. It goes on when the request ends, and its end comes through schemaHealthChanged.' })
  applyMigrations(
    @Ctx() context: Context,
    @Arg('input', () => ApplyMigrationsInput, { description: 'Whether only to say which.' }) input: ApplyMigrationsInput,
  ): Promise<Answer> {
    return answer(context, input.dryRun, (services) => applyMigrations(services, input));
  }
}

async function answer(context: Context, dryRun: boolean, run: (services: RepairContext) => Promise<RepairOutcome>): Promise<Answer> {
  const { result, userErrors } = await withUserErrors(() => run(context.repairs()));
  const nothing = { dryRun, executed: [], skipped: [], failed: [], running: false };
  if (!result) return { ...nothing, health: await context.schemaHealth({ refresh: false }), userErrors };
  return { ...result, health: result.health as unknown as SchemaHealthReport, userErrors };
}
