import type { JobThroughputQuery, JobType } from '../../graphql/graphql.ts';

export type Interval = NonNullable<NonNullable<JobThroughputQuery['job']>['throughput']>[number];

/** What a job of each type writes. */
export const writes: Record<JobType, string> = { IMPORT: 'prospects', DISCOVER: 'prospects', DRAFT: 'drafts', SEND: 'messages', FOLLOW_UP: 'drafts' };

const spans = [
  [1, 'a second'],
  [60, 'a minute'],
  [3_600, 'an hour'],
] as const;

/** Rates over time, in the unit that makes their numbers readable. */
export interface Rates {
  times: string[];
  values: number[];
  /** as in "drafts a second" */
  unit: string;
}

/** How fast a job wrote in each interval. A last one that is too short to say anything counts with the one before it. */
export function ratesOf(intervals: readonly Interval[], type: JobType): Rates {
  const whole = joinedAtEnd(intervals);
  const perSecond = whole.map(({ written, seconds }) => (seconds > 0 ? written / seconds : 0));
  const most = Math.max(0, ...perSecond);
  const [length, name] = spans.find(([seconds]) => most * seconds >= 1) ?? (most === 0 ? spans[0] : spans[2]);
  return { times: whole.map(({ at }) => at), values: perSecond.map((rate) => rate * length), unit: `${writes[type]} ${name}` };
}

function joinedAtEnd(intervals: readonly Interval[]): readonly Interval[] {
  const [last, before] = [intervals.at(-1), intervals.at(-2)];
  if (!last || !before || last.seconds >= before.seconds / 2) return intervals;
  return [...intervals.slice(0, -2), { ...before, seconds: before.seconds + last.seconds, written: before.written + last.written }];
}
