import { useAnswer } from '../../../api/useAnswer.ts';
import { TagsDocument } from '../../../graphql/graphql.ts';
import { Select, TypedChoice } from '../../../parts/Choices.tsx';
import { count } from '../../../parts/format.ts';
import { type Change, type ProspectsSearch, reviews, sources } from '../search.ts';
import { SavedFilters } from './SavedFilters.tsx';
import classes from './Filters.module.css';

/** The filters that are wanted less often, in lines of their own. */
export function MoreFilters({ search, change }: { search: ProspectsSearch; change: Change }) {
  return (
    <>
      <div className={classes['break']} />
      <SavedFilters search={search} change={change} />
      <TagFilter search={search} change={change} />
      <Select name="Decision" values={reviews} chosen={search.review} choose={(review) => change({ review })} />
      <Select name="Pipeline" values={sources} chosen={search.source && [search.source]} choose={(source) => change({ source: source?.[0] })} />
      <TypedChoice name="Followers at least" type="number" min={0} value={search.followers} change={(followers) => change({ followers })} />
      <TypedChoice name="Found from (UTC)" type="date" max={search.to} value={search.from} change={(from) => change({ from })} />
      <TypedChoice name="Found until (UTC)" type="date" min={search.from} value={search.to} change={(to) => change({ to })} />
    </>
  );
}

/** Adds a tag to those that a prospect must have; each that is chosen stands below the filters, to be taken away again. */
function TagFilter({ search, change }: { search: ProspectsSearch; change: Change }) {
  const { value, error } = useAnswer(TagsDocument, {}, (data) => data.tags);
  const chosen = search.tag ?? [];
  const counts = new Map((value ?? []).map((one) => [one.tag, one.count]));
  return (
    <Select
      name="Tag"
      values={[...counts.keys()].filter((tag) => !chosen.includes(tag))}
      chosen={undefined}
      choose={(tag) => tag && change({ tag: [...chosen, ...tag] })}
      any={error && !value ? 'Could not be read' : chosen.length > 0 ? 'And also…' : 'Any'}
      say={(tag) => `${tag} (${count(counts.get(tag))})`}
    />
  );
}
