import { query } from './database.ts';

/**
 * Adds prospects until there are so many, half of them with a profile, and the drafts that their states speak of; skewed as
 * a pipeline is, where most are discovered and few are further on. Secondary indexes are made afterwards, which is faster.
 */
export async function fillPipeline(url: string, rows: number): Promise<void> {
  const [present] = await query<{ count: number }>(url, 'select count(*)::int as count from prospects');
  const range = [present!.count + 1, rows];
  const indexes = await query<{ name: string; definition: string }>(
    url,
    `select format('%I', index.relname) as name, pg_get_indexdef(index.oid) as definition
     from pg_index join pg_class index on index.oid = indexrelid
     where indrelid = any('{prospects,social_profiles,email_drafts}'::regclass[]) and not indisunique`,
  );
  await query(url, `drop index ${indexes.map(({ name }) => name).join()}`);
  for (const statement of fill) await query(url, statement, range);
  for (const { definition } of indexes) await query(url, `set maintenance_work_mem = '512MB'; ${definition}`);
  await query(url, 'vacuum analyze');
}

const id = (kind: string) => `overlay(md5('${kind}' || n) placing '7' from 13 for 1)::uuid`;

const fill = [
  `insert into prospects (id, created_at, canonical_key, source_type, source_platform, profile_url, username, display_name, email, bio_text,
     follower_count, tags, review_status, draft_status)
   select ${id('prospect')}, timestamptz '2026-01-01' + n * interval '1 second', 'example.org/project-' || n,
     case when n % 50 = 0 then 'social' else 'website' end::source_type, case when n % 50 = 0 then 'github' else 'website' end::platform,
     'https://example.org/project-' || n, 'project-' || n, 'Project ' || n % 1000 || ' ' || n,
     case when n % 20 > 0 then n || '@example.org' end, 'What project ' || n || ' is about: word' || n % 5000 || '.',
     (n * 7) % 100000, array['tag-' || n % 500, 'tag-' || n % 11],
     case when n % 10 = 0 then 'approved' when n % 26 = 0 then 'rejected' else 'pending' end::review_status,
     case when n % 100 = 0 then 'pending_review' else 'none' end::draft_status
   from generate_series($1::int, $2::int) n`,
  `insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, follower_count, created_at)
   select ${id('profile')}, ${id('prospect')}, 'github.com/project-' || n, 'github', 'project-' || n, 'Project ' || n,
     'https://github.com/project-' || n, n % 1000, timestamptz '2026-01-01' + n * interval '1 second'
   from generate_series($1::int, $2::int) n where n % 2 = 0`,
  `insert into email_drafts (id, prospect_id, subject, body, status, fingerprint, created_at)
   select ${id('draft')}, ${id('prospect')}, 'Project ' || n || ' and us', 'Hello', 'pending_review', 'f' || n, timestamptz '2026-01-01' + n * interval '1 second'
   from generate_series($1::int, $2::int) n where n % 100 = 0`,
];
