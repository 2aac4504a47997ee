import type { Feature, FeatureHealth, SchemaDrift } from './report.ts';
import { stopsOperations } from './finding.ts';

/** Every table belongs to one feature, so that a lost one takes nothing else down. */
const tables: Record<Feature, readonly string[]> = {
  PROSPECTS: ['prospects', 'activities', 'saved_filters'],
  WEBSITE_PIPELINE: ['email_drafts', 'email_draft_versions'],
  SOCIAL_PIPELINE: ['social_profiles', 'social_discovery_jobs', 'social_drafts', 'social_draft_versions', 'social_messages'],
  JOBS: ['jobs', 'job_chunks', 'job_targets', 'workers', 'idempotency_keys'],
  DISCOVERY: ['discovery_queries', 'scraper_history'],
  MESSAGING: ['email_messages', 'inbound_messages', 'mailboxes', 'senders', 'suppressions', 'settings', 'templates', 'webhooks', 'webhook_deliveries'],
};

const features = Object.keys(tables) as Feature[];
const featureOfTable = new Map(features.flatMap((feature) => tables[feature].map((table) => [table, feature] as const)));

/** The feature that a table serves; null for what all share (keys, limits, history). */
export function featureOf(table: string | null): Feature | null {
  if (table === null) return null;
  return featureOfTable.get(table) ?? (table.startsWith('pgboss.') ? 'JOBS' : null);
}

/** Which features work. An enum or a function takes down the features of the tables that use it. */
export function judgeFeatures(drift: readonly SchemaDrift[], tablesUsing: (object: string) => string[]): FeatureHealth[] {
  return features.map((feature) => {
    const broken = drift.filter((item) => stops(item) && tablesOf(item, tablesUsing).some((table) => featureOf(table) === feature));
    return {
      feature,
      ready: broken.length === 0,
      missing: [...new Set(broken.map(nameOf))],
      affects: [...new Set(broken.flatMap(({ affects }) => affects))].sort(),
    };
  });
}

/** What it is by nature, or what relies on it: without its key an upsert fails, although nothing else does. */
export function stops(drift: SchemaDrift): boolean {
  return stopsOperations(drift) || drift.affects.length > 0;
}

/** No feature works while the database does not answer. */
export function noFeature(): FeatureHealth[] {
  return features.map((feature) => ({ feature, ready: false, missing: [], affects: [] }));
}

/** What an operator would look for: "jobs.drafts_created", "jobs", "job_status". */
export function nameOf({ table, column, object, id }: SchemaDrift): string {
  if (table === null) return object ?? id;
  return column === null ? table : `${table}.${column}`;
}

function tablesOf({ table, object }: SchemaDrift, tablesUsing: (object: string) => string[]): string[] {
  if (table !== null) return [table];
  return object === null ? [] : tablesUsing(object);
}
