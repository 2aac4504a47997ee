import { sql, type Kysely } from 'kysely';
import { OutriderError } from '../domain/errors.ts';
import { maximumPageSize } from './page.ts';

export interface TagCount {
  tag: string;
  count: number;
}

/**
 * The tags that most prospects have, counted to the last one.
 * @param search only tags that contain this, letter case aside
 * @throws {OutriderError} BAD_USER_INPUT
 */
export async function tagCounts(db: Kysely<never>, first: number, search: string | null): Promise<TagCount[]> {
  if (first < 0 || first > maximumPageSize) throw new OutriderError('BAD_USER_INPUT', `first must be between 0 and ${maximumPageSize}.`);
  const contains = search?.trim() ? sql`where strpos(lower(tag), lower(${search.trim()})) > 0` : sql``;
  // Prospects of one import share their tags: equal lists are counted together before they are taken apart.
  const { rows } = await sql<TagCount>`
    select tag, sum(n)::int as count
    from (select tags, count(*) as n from prospects where tags <> '{}' group by tags) as lists, unnest(tags) as tag
    ${contains}
    group by tag order by count desc, tag limit ${first}`.execute(db);
  return rows;
}
