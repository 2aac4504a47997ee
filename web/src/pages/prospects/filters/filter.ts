import type { ProspectFilter } from '../../../graphql/graphql.ts';
import { count, words } from '../../../parts/format.ts';
import { prospectsSearch, type ProspectsSearch } from '../search.ts';

const dayMs = 86_400_000;

/** The filter of the API that an address stands for. */
export function filterOf(search: ProspectsSearch): ProspectFilter {
  const { q, stage, review, draft, platform, source, address, tag, followers, from, to, job, batch } = search;
  return {
    search: q,
    stage,
    reviewStatus: review,
    draftStatus: draft,
    sourcePlatform: platform,
    sourceType: source,
    hasEmail: address && address === 'WITH_EMAIL',
    tags: tag,
    minFollowers: followers === undefined ? undefined : Number(followers),
    // The API takes what lies strictly after and before: a moment with its first and last millisecond is within.
    createdAfter: from && new Date(Date.parse(from) - 1).toISOString(),
    createdBefore: to && new Date(Date.parse(to) + dayMs).toISOString(),
    jobId: job,
    reviewBatch: batch,
  };
}

/** The way back, for a filter that was saved: what this page has no place for is left out. */
export function searchOf(filter: ProspectFilter): ProspectsSearch {
  const { hasEmail, minFollowers, createdAfter, createdBefore, tag, tags } = filter;
  return prospectsSearch({
    q: filter.search,
    stage: filter.stage,
    review: filter.reviewStatus,
    draft: filter.draftStatus,
    platform: filter.sourcePlatform,
    source: filter.sourceType,
    address: hasEmail == null ? undefined : hasEmail ? 'WITH_EMAIL' : 'WITHOUT_EMAIL',
    tag: [...(tags ?? []), tag],
    followers: minFollowers == null ? undefined : String(minFollowers),
    from: createdAfter && dayOf(Date.parse(createdAfter) + 1),
    to: createdBefore && dayOf(Date.parse(createdBefore) - dayMs),
    job: filter.jobId,
    batch: filter.reviewBatch,
  });
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** One condition of the filter, in words, and the address without it. */
export type Condition = { key: string; text: string; without: Partial<ProspectsSearch> };

/** Every condition that holds, as people read it. */
export function conditionsOf(search: ProspectsSearch): Condition[] {
  const { q, source, address, followers, from, to, job, batch } = search;
  const single = (key: keyof ProspectsSearch, text: string | undefined | false): Condition[] => (text ? [{ key, text, without: { [key]: undefined } }] : []);
  const many = <Value extends string>(key: keyof ProspectsSearch, name: string, values: readonly Value[] | undefined, say: (value: Value) => string = words) =>
    (values ?? []).map((value): Condition => {
      const rest = values?.filter((other) => other !== value) ?? [];
      return { key: `${key} ${value}`, text: `${name}: ${say(value)}`, without: { [key]: rest.length > 0 ? rest : undefined } };
    });
  return [
    ...single('q', q && `Search: ${q}`),
    ...many('stage', 'Stage', search.stage),
    ...many('review', 'Review', search.review),
    ...many('draft', 'Draft', search.draft),
    ...many('platform', 'Platform', search.platform),
    ...single('source', source && `Pipeline: ${words(source)}`),
    ...single('address', address && words(address)),
    ...many('tag', 'Tag', search.tag, (tag) => tag),
    ...single('followers', followers && `At least ${count(Number(followers))} followers`),
    ...single('from', from && `Found from ${from}`),
    ...single('to', to && `Found until ${to}`),
    ...single('job', job && 'Found by one job'),
    ...single('batch', batch && 'Changed by one review'),
  ];
}

/** What takes every condition away; order and rows per page stay. */
export const noConditions: Partial<ProspectsSearch> = Object.fromEntries(
  ['q', 'stage', 'review', 'draft', 'platform', 'source', 'address', 'tag', 'followers', 'from', 'to', 'job', 'batch'].map((key) => [key, undefined]),
);
