import { sql } from 'kysely';

export type ExportFormat = 'csv' | 'ndjson';

const instant = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Column of the file → what stands there, over `prospects`. An import reads the first ones back; it passes over those from
 * `id` on, which are the database's own.
 */
const columns = {
  source_type: 'source_type',
  source_platform: 'source_platform',
  profile_url: 'profile_url',
  username: 'username',
  display_name: 'display_name',
  email: 'email',
  bio_text: 'bio_text',
  external_links: 'external_links',
  follower_count: 'follower_count',
  engagement_rate: 'engagement_rate::float8',
  tags: 'to_json(tags)',
  scraped_at: instant('scraped_at'),
  id: 'id',
  stage: 'stage',
  review_status: 'review_status',
  review_reason: 'review_reason',
  draft_status: 'draft_status',
  created_at: instant('created_at'),
  updated_at: instant('updated_at'),
} as const;

export type ExportColumn = keyof typeof columns;
export type ExportRow = Readonly<Record<ExportColumn, unknown>>;
export const exportColumns = Object.keys(columns) as ExportColumn[];

/** The fields of the API's Prospect that the columns are. */
export const exportedFields = exportColumns.map((column) => column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));

/** What a SELECT over prospects names. */
export const selectList = sql.raw(Object.entries(columns).map(([name, expression]) => `${expression} as "${name}"`).join(', '));
