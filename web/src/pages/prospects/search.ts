import type { DraftStatus, PipelineStage, Platform, ProspectOrder, ReviewStatus, SourceType } from '../../graphql/graphql.ts';
import { choiceParameter, choicesParameter, textParameter, textsParameter } from '../../searchParams.ts';

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

/** How many rows stand on a page; 50 unless the address says another number. */
export const rowsPerPage = ['50', '200', '1000', '10000'] as const;

export const starts = ['add', 'import'] as const;

/** What the address of the list of prospects holds. */
export type ProspectsSearch = {
  q?: string;
  stage?: PipelineStage[];
  review?: ReviewStatus[];
  draft?: DraftStatus[];
  platform?: Platform[];
  source?: SourceType;
  address?: (typeof addresses)[number];
  /** all of them */
  tag?: string[];
  /** at least so many */
  followers?: string;
  /** days of UTC, as 2026-11-21, both included */
  from?: string;
  to?: string;
  /** id of an import or a discovery */
  job?: string;
  /** a review */
  batch?: string;
  order?: keyof typeof orders;
  rows?: (typeof rowsPerPage)[number];
  after?: string;
  before?: string;
  /** id of the prospect whose detail is open */
  open?: string;
  /** what is begun: a prospect written by hand, an import */
  start?: (typeof starts)[number];
};

/** Changes parts of the address, and with that what is listed. */
export type Change = (change: Partial<ProspectsSearch>) => void;

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
    tag: textsParameter(search['tag']),
    followers: matching(search['followers'], /^\d{1,9}$/),
    from: matching(search['from'], /^\d{4}-\d\d-\d\d$/, isDay),
    to: matching(search['to'], /^\d{4}-\d\d-\d\d$/, isDay),
    job: textParameter(search['job']),
    batch: textParameter(search['batch']),
    order: choiceParameter(search['order'], orderNames),
    rows: choiceParameter(search['rows'], rowsPerPage),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    open: textParameter(search['open']),
    start: choiceParameter(search['start'], starts),
  };
}

function matching(value: unknown, pattern: RegExp, isValid: (text: string) => boolean = () => true): string | undefined {
  const text = textParameter(value);
  return text !== undefined && pattern.test(text) && isValid(text) ? text : undefined;
}

function isDay(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
