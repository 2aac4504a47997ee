import type { DraftRecord } from '../entities/DraftRecord.ts';
import { Channel } from '../domain/enums.ts';
import { expression, properties, type FieldSource, type ReadModel, type Source } from './readModel.ts';

function shared(table: string, channel: Channel): Record<string, FieldSource> {
  return {
    ...properties<DraftRecord>(
      table,
      'body', 'status', 'version', 'fingerprint', 'isFollowUp', 'recipient', 'reviewReason', 'problems', 'createdAt', 'updatedAt',
    ),
    job: expression(table, 't.job_id', 'job_id'),
    channel: expression(table, `'${channel}'`),
    // A loader reads them, from the table of the channel.
    versions: { sql: `'${channel}'`, columns: [`${channel}_draft_versions.draft_id`] },
  };
}

const email: Source = {
  table: 'email_drafts',
  from: 'email_drafts t',
  key: 't.id',
  fields: {
    ...shared('email_drafts', Channel.EMAIL),
    subject: expression('email_drafts', 't.subject', 'subject'),
    prospect: expression('email_drafts', 't.prospect_id', 'prospect_id'),
    socialProfile: expression('email_drafts', 'null::uuid'),
  },
};

const social: Source = {
  table: 'social_drafts',
  from: 'social_drafts t join social_profiles profile on profile.id = t.social_profile_id',
  key: 't.id',
  fields: {
    ...shared('social_drafts', Channel.SOCIAL),
    subject: expression('social_drafts', 'null::text'),
    prospect: expression('social_profiles', 'profile.prospect_id', 'prospect_id'),
    socialProfile: expression('social_drafts', 't.social_profile_id', 'social_profile_id'),
  },
};

const orders = {
  CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] },
  UPDATED_AT: { sql: 't.updated_at', type: 'timestamptz', columns: ['updated_at'] },
} as const;

/** Drafts of both channels, as one list. */
export const drafts: ReadModel<'CREATED_AT' | 'UPDATED_AT'> = { type: 'Draft', sources: [email, social], orderEnum: 'DraftOrderField', orders };

export const draftsOf: Readonly<Record<Channel, typeof drafts>> = {
  [Channel.EMAIL]: { ...drafts, sources: [email] },
  [Channel.SOCIAL]: { ...drafts, sources: [social] },
};
