import { type Kysely, sql } from 'kysely';
import * as enums from '../../domain/enums.ts';
import { terminalJobStatuses } from '../../domain/transitions.ts';

/** Columns of other rows that may mention a person: what a scrape saw, what an import refused, what somebody searched for. */
const mentioning: Readonly<Record<string, readonly string[]>> = {
  job_targets: ['message', 'value'],
  job_chunks: ['error'],
  scraper_history: ['url', 'error'],
  discovery_queries: ['query', 'search_intent', 'target_audience', 'location', 'filters'],
  social_discovery_jobs: ['cursor'],
  saved_filters: ['filter'],
  webhook_deliveries: ['payload', 'error'],
  mailboxes: ['error'],
  senders: ['blocked_by'],
  suppressions: ['reason'],
  // What people wrote of others.
  prospects: ['review_reason'],
  email_drafts: ['review_reason'],
  social_drafts: ['review_reason'],
  // The last: they tell what their targets and chunks say.
  jobs: ['error', 'failure_reasons', 'parameters'],
};
const json: ReadonlySet<string> = new Set(['failure_reasons', 'parameters', 'filters', 'filter', 'payload']);

/** Shorter ones are words that mean something else almost everywhere. */
const shortest = 3;
/** Somebody may be called Email or GitHub: as values of ours these say nothing of anybody. */
const ours: ReadonlySet<string> = new Set(Object.values(enums).flatMap((values) => Object.values(values).map((value: string) => value.toLowerCase())));

/**
 * Replaces what somebody is called by in the rows of others, wherever it stands as a word of its own, in any letter case.
 * Activities need none of it: they hold no personal data.
 *
 * @param names addresses, handles, URLs, names
 */
export async function scrubMentions(db: Kysely<any>, names: readonly string[]): Promise<void> {
  const words = names.map((name) => name.trim()).filter((name) => name.length >= shortest && !ours.has(name.toLowerCase()));
  if (words.length === 0) return;
  const inText = anyOf(words);
  // As it is written in JSON, and no key of it.
  const inJson = `${anyOf(words.map((word) => JSON.stringify(word).slice(1, -1)))}(?!":)`;
  for (const [table, columns] of Object.entries(mentioning)) {
    if (table === 'jobs') await holdCounts(db);
    for (const column of columns) {
      const [type, pattern] = json.has(column) ? [sql`jsonb`, inJson] : [sql`text`, inText];
      await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = regexp_replace(${sql.ref(column)}::text, ${pattern}, 'erased', 'gi')::${type}
        where ${sql.ref(column)}::text ~* ${pattern}`.execute(db);
    }
  }
  // Two of these may have become the same.
  await sql`
    update saved_filters set name = regexp_replace(name, ${inText}, 'erased', 'gi') || ' ' || left(id::text, 8)
    where name ~* ${inText}`.execute(db);
  await sql`delete from idempotency_keys where key ~* ${inText}`.execute(db);
}

/** Whoever counts a job's failures at this moment has read what they said: it ends first, and the next one reads what they say now. */
async function holdCounts(db: Kysely<any>): Promise<void> {
  await sql`select from jobs where status <> all(${terminalJobStatuses}::job_status[]) order by id for no key update`.execute(db);
}

/** A regular expression of PostgreSQL; the longest word first, so that no part of one is left. */
function anyOf(words: readonly string[]): string {
  const escaped = words.toSorted((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `(?<![[:alnum:]])(?:${escaped.join('|')})(?![[:alnum:]])`;
}
