import type { DraftStatus, PipelineStage, Platform, ProspectFilter, ProspectOrder, ReviewStatus, SourceType } from '../../graphql/graphql.ts';
import { choiceParameter, choicesParameter, textParameter } from '../../searchParams.ts';

export const stages = [
  'DISCOVERED', 'REVIEWED', 'DRAFTED', 'APPROVED', 'SENT', 'FOLLOWED_UP', 'REPLIED', 'REJECTED', 'EXCLUDED',
] as const satisfies readonly PipelineStage[];
export const reviews = ['PENDING', 'APPROVED', 'REJECTED'] as const satisfies readonly ReviewStatus[];
export const draftStatuses = [
  'NONE', 'GENERATING', 'PENDING_REVIEW', 'APPROVED', 'REJECTED', 'SENT', 'FAILED',
] as const satisfies readonly DraftStatus[];
export const platforms = [
  'WEBSITE', 'GITHUB', 'GITLAB', 'MASTODON', 'BLUESKY', 'X', 'LINKEDIN', 'INSTAGRAM', 'FACEBOOK', 'TIKTOK', 'YOUTUBE', 'OTHER',
] as const satisfies readonly Platform[];
export const sources = ['WEBSITE', 'SOCIAL'] as const satisfies readonly SourceType[];
export const addresses = ['WITH_EMAIL', 'WITHOUT_EMAIL'] as const;

export const orders = {
  NEWEST: { field: 'CREATED_AT', direction: 'DESC' },
  OLDEST: { field: 'CREATED_AT', direction: 'ASC' },
  LATEST_CHANGE: { field: 'UPDATED_AT', direction: 'DESC' },
  NAME: { field: 'DISPLAY_NAME', direction: 'ASC' },
  FOLLOWERS: { field: 'FOLLOWER_COUNT', direction: 'DESC' },
} as const satisfies Record<string, ProspectOrder>;
export const orderNames = Object.keys(orders) as (keyof typeof orders)[];

/** What the address of the list of prospects holds. */
export type ProspectsSearch = {
  q?: string;
  stage?: PipelineStage[];
  review?: ReviewStatus[];
  draft?: DraftStatus[];
  platform?: Platform[];
  source?: SourceType;
  address?: (typeof addresses)[number];
  tag?: string;
  order?: keyof typeof orders;
  after?: string;
  before?: string;
};

/** The parameters that are understood; anything else is left out. */
export function prospectsSearch(search: Record<string, unknown>): ProspectsSearch {
  return {
    q: textParameter(search['q']),
    stage: choicesParameter(search['stage'], stages),
    review: choicesParameter(search['review'], reviews),
    draft: choicesParameter(search['draft'], draftStatuses),
    platform: choicesParameter(search['platform'], platforms),
    source: choiceParameter(search['source'], sources),
    address: choiceParameter(search['address'], addresses),
    tag: textParameter(search['tag']),
    order: choiceParameter(search['order'], orderNames),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
  };
}

/** The filter of the contract that an address stands for. */
export function filterOf({ q, stage, review, draft, platform, source, address, tag }: ProspectsSearch): ProspectFilter {
  return {
    search: q,
    stage,
    reviewStatus: review,
    draftStatus: draft,
    sourceType: source,
    sourcePlatform: platform,
    hasEmail: address && address === 'WITH_EMAIL',
    tag,
  };
}
