import { sql, type Kysely, type RawBuilder } from 'kysely';
import { touched } from '../touched.ts';
import type { RetentionRule } from './rules.ts';

/** Where a walk through a table has come. */
export interface Place {
  at: string;
  id: string;
}

export interface Batch {
  pruned: number;
  /** null at the end of the table */
  place: Place | null;
}

export interface BatchOptions {
  /** timestamptz as text: what is older goes */
  cutoff: string;
  after: Place | null;
  size: number;
  /** counts, and removes nothing */
  dryRun: boolean;
}

/**
 * Looks at the next rows of a table by age and removes those that go. Rows that somebody else holds are left for the next run; of
 * what waits for no lock, nothing waits for us but those very rows.
 */
export async function pruneBatch(db: Kysely<any>, rule: RetentionRule, { cutoff, after, size, dryRun }: BatchOptions): Promise<Batch> {
  const table = sql.table(rule.table);
  const { target } = rule;
  const joined = target ? sql`join ${sql.table(target.table)} as target on target.id = t.${sql.ref(target.id)}` : sql``;
  const locks = target ? sql`for update of t skip locked for no key update of target skip locked` : sql`for update of t skip locked`;
  const { rows } = await sql<{ pruned: number; at: string | null; id: string | null }>`
    with page as materialized (
      select t.created_at, t.id from ${table} as t
      where t.created_at < ${cutoff}::timestamptz ${rule.among ? sql`and ${sql.raw(rule.among)}` : sql``}
        ${after ? sql`and (t.created_at, t.id) > (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
      order by t.created_at, t.id limit ${size}
    ), doomed as materialized (
      select t.id from ${table} as t ${joined}
      where t.id = any(array(select id from page)) and ${condition(rule, cutoff)}
      order by t.id ${dryRun ? sql`` : locks}
    )${dryRun ? sql`` : sql`, gone as (delete from ${table} as t using doomed where t.id = doomed.id returning t.*)${blankTarget(rule)}`}
    select (select count(*) from ${sql.raw(dryRun ? 'doomed' : 'gone')})::int as pruned, last.created_at::text as at, last.id
    from (values (1)) as one left join (select * from page order by created_at desc, id desc limit 1) as last on true`.execute(db);
  const { pruned, at, id } = rows[0]!;
  return { pruned, place: at !== null && id !== null ? { at, id } : null };
}

/** Nothing of a draft is left with whom it was for, unless they have another one, which it is then of. */
function blankTarget({ table, target }: RetentionRule): RawBuilder<unknown> {
  if (!target) return sql``;
  return sql`, blanked as (
    update ${sql.table(target.table)} as target set ${touched('target')}, draft_status = 'none' ${sql.join(target.columns.map((column) => sql`, ${sql.ref(column)} = null`), sql``)}
    from gone
    where target.id = gone.${sql.ref(target.id)} and not gone.is_follow_up and not exists (
      select from ${sql.table(table)} as other
      where other.${sql.ref(target.id)} = target.id and not other.is_follow_up and other.id not in (select id from doomed)
    )
  )`;
}

function condition({ among, where }: RetentionRule, cutoff: string): RawBuilder<unknown> {
  const conditions = [among, where].flatMap((text) => (text ? [withCutoff(text, cutoff)] : []));
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

function withCutoff(text: string, cutoff: string): RawBuilder<unknown> {
  return sql.join(text.split('$cutoff').map((part) => sql.raw(part)), sql`${cutoff}::timestamptz`);
}
