import { DraftStatus, JobStatus, MessageStatus, ReviewStatus } from './enums.ts';

/** For each state, the states that may follow it. The same tables stand in the database as triggers. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** Approved prospects go back only while nothing was sent to them; the service and the trigger check that too. */
export const reviewTransitions: Transitions<ReviewStatus> = {
  [ReviewStatus.PENDING]: [ReviewStatus.APPROVED, ReviewStatus.REJECTED],
  [ReviewStatus.APPROVED]: [ReviewStatus.REJECTED, ReviewStatus.PENDING],
  [ReviewStatus.REJECTED]: [ReviewStatus.PENDING],
};

export const draftTransitions: Transitions<Exclude<DraftStatus, DraftStatus.NONE>> = {
  [DraftStatus.GENERATING]: [DraftStatus.PENDING_REVIEW, DraftStatus.FAILED],
  [DraftStatus.FAILED]: [DraftStatus.GENERATING],
  [DraftStatus.PENDING_REVIEW]: [DraftStatus.APPROVED, DraftStatus.REJECTED],
  [DraftStatus.APPROVED]: [DraftStatus.PENDING_REVIEW, DraftStatus.SENT],
  [DraftStatus.REJECTED]: [DraftStatus.PENDING_REVIEW],
  [DraftStatus.SENT]: [],
};

export const messageTransitions: Transitions<MessageStatus> = {
  [MessageStatus.QUEUED]: [MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.CANCELLED],
  [MessageStatus.SENDING]: [MessageStatus.SENT, MessageStatus.DEFERRED, MessageStatus.FAILED, MessageStatus.OUTCOME_UNKNOWN],
  [MessageStatus.DEFERRED]: [MessageStatus.QUEUED, MessageStatus.CANCELLED],
  [MessageStatus.SENT]: [MessageStatus.BOUNCED, MessageStatus.REPLIED, MessageStatus.COMPLAINED],
  [MessageStatus.OUTCOME_UNKNOWN]: [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.REPLIED, MessageStatus.BOUNCED],
  [MessageStatus.FAILED]: [],
  [MessageStatus.BOUNCED]: [],
  [MessageStatus.COMPLAINED]: [],
  [MessageStatus.REPLIED]: [],
  [MessageStatus.CANCELLED]: [],
};

export const jobTransitions: Transitions<JobStatus> = {
  [JobStatus.PENDING]: [JobStatus.RUNNING, JobStatus.CANCELLING],
  [JobStatus.RUNNING]: [
    JobStatus.SUCCEEDED,
    JobStatus.COMPLETED_WITH_ERRORS,
    JobStatus.FAILED,
    JobStatus.PAUSED,
    JobStatus.CANCELLING,
  ],
  [JobStatus.PAUSED]: [JobStatus.RUNNING, JobStatus.CANCELLING],
  [JobStatus.CANCELLING]: [JobStatus.CANCELLED],
  [JobStatus.CANCELLED]: [],
  [JobStatus.SUCCEEDED]: [],
  [JobStatus.COMPLETED_WITH_ERRORS]: [],
  [JobStatus.FAILED]: [],
};

/** States of a job after which nothing more happens to it. */
export const terminalJobStatuses: readonly JobStatus[] = Object.values(JobStatus).filter(
  (status) => jobTransitions[status].length === 0,
);

/** The states from which `to` may be reached: the `any($2)` of a compare-and-set. */
export function statesBefore<State extends string>(transitions: Transitions<State>, to: State): State[] {
  return (Object.keys(transitions) as State[]).filter((from) => transitions[from].includes(to));
}
