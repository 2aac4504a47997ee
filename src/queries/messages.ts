import type { MessageRecord } from '../entities/MessageRecord.ts';
import { Channel } from '../domain/enums.ts';
import { expression, properties, type FieldSource, type ReadModel, type Source } from './readModel.ts';

function shared(table: string, channel: Channel): Record<string, FieldSource> {
  return {
    ...properties<MessageRecord>(
      table,
      'status', 'isFollowUp', 'body', 'error', 'recipient', 'blockedBy', 'dueAt', 'attempts', 'createdAt', 'sentAt',
    ),
    draft: expression(table, 't.draft_id', 'draft_id'),
    job: expression(table, 't.job_id', 'job_id'),
    channel: expression(table, `'${channel}'`),
  };
}

const email: Source = {
  table: 'email_messages',
  from: 'email_messages t',
  key: 't.id',
  fields: {
    ...shared('email_messages', Channel.EMAIL),
    subject: expression('email_messages', 't.subject', 'subject'),
    prospect: expression('email_messages', 't.prospect_id', 'prospect_id'),
    socialProfile: expression('email_messages', 'null::uuid'),
  },
};

const social: Source = {
  table: 'social_messages',
  from: 'social_messages t join social_profiles profile on profile.id = t.social_profile_id',
  key: 't.id',
  fields: {
    ...shared('social_messages', Channel.SOCIAL),
    subject: expression('social_messages', 'null::text'),
    prospect: expression('social_profiles', 'profile.prospect_id', 'prospect_id'),
    socialProfile: expression('social_messages', 't.social_profile_id', 'social_profile_id'),
  },
};

/** Messages of both channels, as one list, newest first. */
export const messages: ReadModel<'CREATED_AT'> = {
  type: 'Message',
  sources: [email, social],
  orders: { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } },
};

export const messagesOf: Readonly<Record<Channel, typeof messages>> = {
  [Channel.EMAIL]: { ...messages, sources: [email] },
  [Channel.SOCIAL]: { ...messages, sources: [social] },
};
