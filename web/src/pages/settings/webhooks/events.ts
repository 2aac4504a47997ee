import type { WebhookEvent } from '../../../graphql/graphql.ts';

/** What each event means, to whoever chooses. */
export const eventSays: Record<WebhookEvent, string> = {
  MESSAGE_SENT: 'Message sent',
  MESSAGE_REPLIED: 'Message answered',
  MESSAGE_BOUNCED: 'Message returned',
  MESSAGE_COMPLAINED: 'Message marked as spam',
  JOB_FINISHED: 'Job ended',
  SCHEMA_BROKEN: 'Schema broken',
};
