import type { SourceType } from '../../graphql/graphql.ts';
import { choiceParameter } from '../../searchParams.ts';

export const sources = ['WEBSITE', 'SOCIAL'] as const satisfies readonly SourceType[];

/** What the address of the overview holds: whose pipeline; both when absent. */
export type OverviewSearch = { source?: SourceType };

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  return { source: choiceParameter(search['source'], sources) };
}
