import { type Kysely, sql } from 'kysely';
import { type UserError, UserErrorCode, UserErrors } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import { textProblem } from '../domain/text.ts';
import type { ServiceContext } from './context.ts';
import { freshUuid } from './freshUuid.ts';
import { inTransaction } from './inTransaction.ts';
import { checkSelected, findMissing, type ProspectSelection, selectProspects } from './selectProspects.ts';
import { touched } from './touched.ts';

export interface TagProspects extends ProspectSelection {
  add?: readonly string[] | null;
  remove?: readonly string[] | null;
}

export interface ProspectTagging {
  /** uuids of the first 100 that changed */
  changedIds: string[];
  changedCount: number;
  /** uuids of the first 100 that there are not; `userErrors` says so of each */
  failedIds: string[];
  failedCount: number;
  userErrors: UserError[];
}

const shown = 100;
/** The same as an import takes. */
const longest = { tag: 100, tags: 200 };

/**
 * Adds and removes tags of any number of prospects with one statement; those that stay as they are do not count.
 * @throws {UserErrors} INVALID, STALE: then nothing has changed
 */
export async function tagProspects({ em, actor }: ServiceContext, input: TagProspects): Promise<ProspectTagging> {
  const selection = selectProspects(input);
  const add = readTags(input.add, 'add');
  const remove = readTags(input.remove, 'remove');
  checkTogether(add, remove);
  return inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql<{ selected: number; changed: number; first: string[] | null; tooMany: boolean }>`
      with selected as materialized (
        select id, tags, (
          select array(select tag from unnest(tags) with ordinality as kept (tag, place) where tag <> all(${remove}::text[]) order by place)
            || array(select tag from unnest(${add}::text[]) with ordinality as added (tag, place) where tag <> all(tags) order by place)
        ) as next
        from prospects where ${selection} order by id for no key update
      ), changed as (
        update prospects set ${touched()}, tags = selected.next from selected
        where prospects.id = selected.id and selected.next <> selected.tags
        returning prospects.id
      ), recorded as (
        insert into activities (id, actor, action, subject_type, subject_id, details)
        select ${freshUuid}, ${actor.name}, 'prospect.tagged', 'Prospect', id, jsonb_build_object('added', ${add.length}::int, 'removed', ${remove.length}::int)
        from changed
      )
      select (select count(*) from selected)::int as selected, (select count(*) from changed)::int as changed,
        (select json_agg(id) from (select id from changed order by id limit ${shown}) as first) as first,
        exists (select from selected where cardinality(next) > greatest(${longest.tags}, cardinality(tags))) as "tooMany"`.execute(db);
    const { selected, changed, first, tooMany } = rows[0]!;
    checkSelected(input, selected);
    if (tooMany) throw invalid(`A prospect may have ${longest.tags} tags at most.`, 'add');
    const missing = await findMissing(db as Kysely<unknown>, input.prospectIds);
    return {
      changedIds: first ?? [],
      changedCount: changed,
      failedIds: missing.slice(0, shown),
      failedCount: missing.length,
      userErrors: missing.slice(0, shown).map((id) => ({
        code: UserErrorCode.NOT_FOUND,
        message: 'There is no such prospect.',
        target: toGlobalId('Prospect', id),
        field: ['input', 'ids', String(input.prospectIds?.indexOf(id))],
      })),
    };
  });
}

function readTags(given: readonly string[] | null | undefined, field: string): string[] {
  const tags = (given ?? []).map((tag) => tag.trim());
  if (tags.length > longest.tags) throw invalid(`Give ${longest.tags} tags at most.`, field);
  tags.forEach((tag, place) => {
    const problem = tag === '' ? 'is empty' : tag.length > longest.tag ? `is longer than ${longest.tag} characters` : textProblem(tag);
    if (problem) throw invalid(`A tag ${problem}.`, field, String(place));
  });
  return [...new Set(tags)];
}

function checkTogether(add: readonly string[], remove: readonly string[]): void {
  if (add.length + remove.length === 0) throw invalid('Give tags to add or to remove.');
  const both = add.filter((tag) => remove.includes(tag));
  if (both.length > 0) throw invalid(`${both.join(', ')} cannot be added and removed at once.`, 'remove');
}

const invalid = (message: string, ...field: string[]) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', ...field] });
