import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Role } from '../domain/enums.ts';
import { OutriderError } from '../domain/errors.ts';
import { DriftSeverity } from '../schema/healthEnums.ts';
import { SchemaDrift } from '../schema/SchemaDrift.ts';
import { mostOfHistory, SchemaDriftHistory, SchemaHistoryArgs } from '../schema/SchemaDriftHistory.ts';
import { LockBlocker, SchemaHealth } from '../schema/SchemaHealth.ts';
import { SchemaRepairHistory } from '../schema/SchemaRepairHistory.ts';
import type { Context, SchemaHealthReport } from './context.ts';

const severities = Object.keys(DriftSeverity);

@Resolver(() => SchemaHealth)
export class SchemaHealthResolver {
  @Query(() => SchemaHealth, { description: 'Always answers, whatever state the database is in, within 3 s.' })
  schemaHealth(
    @Ctx() context: Context,
    @Arg('refresh', () => Boolean, { nullable: true, defaultValue: false, description: 'Reads the catalog again even if nothing seems to have changed.' })
    refresh: boolean | null,
  ): Promise<SchemaHealthReport> {
    return context.schemaHealth({ refresh: refresh === true });
  }

  @Query(() => SchemaDriftHistory, { description: 'When differences came and went. Always answers, like schemaHealth.' })
  schemaDriftHistory(@Ctx() context: Context, @Args(() => SchemaHistoryArgs) { first }: SchemaHistoryArgs): Promise<SchemaDriftHistory> {
    return context.schemaDriftHistory(checked(first));
  }

  @Query(() => SchemaRepairHistory, { description: 'Repairs and migrations, and how far those are that run. Always answers, like schemaHealth.' })
  schemaRepairs(@Ctx() context: Context, @Args(() => SchemaHistoryArgs) { first }: SchemaHistoryArgs): Promise<SchemaRepairHistory> {
    return context.schemaRepairs(checked(first));
  }

  @Subscription(() => SchemaHealth, {
    subscribe: ({ context }: { context: Context }) => context.schemaHealthChanges(),
    description: 'The verdict, whenever it changes.',
  })
  schemaHealthChanged(@Root() report: SchemaHealthReport): SchemaHealthReport {
    return report;
  }

  @FieldResolver(() => [SchemaDrift], { description: 'The differences, most urgent first.' })
  drift(
    @Root() { drift }: SchemaHealthReport,
    @Arg('minSeverity', () => DriftSeverity, { nullable: true, defaultValue: DriftSeverity.INFO, description: 'Only these and worse.' })
    minSeverity: keyof typeof DriftSeverity | null,
  ): SchemaDrift[] {
    const least = severities.indexOf(minSeverity ?? DriftSeverity.INFO);
    return drift.filter(({ severity }) => severities.indexOf(severity) >= least);
  }
}

@Resolver(() => LockBlocker)
export class LockBlockerResolver {
  @FieldResolver(() => String, { nullable: true })
  query(@Root() { query }: LockBlocker, @Ctx() { actor }: Context): string | null {
    return actor.role === Role.ADMIN ? (query ?? null) : null;
  }
}

/** @throws {OutriderError} BAD_USER_INPUT */
function checked(first: number): number {
  if (first < 0 || first > mostOfHistory) throw new OutriderError('BAD_USER_INPUT', `first must be between 0 and ${mostOfHistory}.`);
  return first;
}
