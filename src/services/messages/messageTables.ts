import { Channel } from '../../domain/enums.ts';
import type { NodeType } from '../../domain/globalId.ts';

/** Where the messages of a channel live; every name here is ours and may stand in a statement as it is. */
export interface MessageTables {
  messages: 'email_messages' | 'social_messages';
  drafts: 'email_drafts' | 'social_drafts';
  /** whose `draft_status` is the projection of the first draft's */
  targets: 'prospects' | 'social_profiles';
  /** what messages and drafts refer to it by */
  targetId: 'prospect_id' | 'social_profile_id';
  targetType: NodeType;
}

export const messageTables: Readonly<Record<Channel, MessageTables>> = {
  [Channel.EMAIL]: {
    messages: 'email_messages',
    drafts: 'email_drafts',
    targets: 'prospects',
    targetId: 'prospect_id',
    targetType: 'Prospect',
  },
  [Channel.SOCIAL]: {
    messages: 'social_messages',
    drafts: 'social_drafts',
    targets: 'social_profiles',
    targetId: 'social_profile_id',
    targetType: 'SocialProfile',
  },
};
