import type { Variables } from './variables.ts';

/** For how many days what nobody works with any more is kept; undefined: for ever. */
export interface Retention {
  /** the outcome of each target, the chunks and the fetched pages of jobs that have ended; the jobs with their counts stay */
  jobDetails: number | undefined;
  /** what was done, but for what keeps people from being written to */
  activities: number | undefined;
  /** rejected and failed drafts, and the earlier texts of drafts that are decided */
  drafts: number | undefined;
  /** messages that never left, and mails that were no answer; what was sent and what people answered stays */
  messages: number | undefined;
  webhookDeliveries: number | undefined;
}

export function readRetention(values: Variables): Retention {
  return {
    jobDetails: values.RETENTION_JOB_DETAILS,
    activities: values.RETENTION_ACTIVITIES,
    drafts: values.RETENTION_DRAFTS,
    messages: values.RETENTION_MESSAGES,
    webhookDeliveries: values.RETENTION_WEBHOOK_DELIVERIES,
  };
}
