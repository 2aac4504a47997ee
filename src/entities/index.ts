import { Activity } from './Activity.ts';
import { ApiKey } from './ApiKey.ts';
import { DiscoveryQuery } from './DiscoveryQuery.ts';
import { EmailDraft } from './EmailDraft.ts';
import { EmailDraftVersion } from './EmailDraftVersion.ts';
import { EmailMessage } from './EmailMessage.ts';
import { IdempotencyKey } from './IdempotencyKey.ts';
import { InboundMessage } from './InboundMessage.ts';
import { Job } from './Job.ts';
import { JobChunk } from './JobChunk.ts';
import { JobTarget } from './JobTarget.ts';
import { Mailbox } from './Mailbox.ts';
import { Prospect } from './Prospect.ts';
import { RateLimit } from './RateLimit.ts';
import { SavedFilter } from './SavedFilter.ts';
import { ScraperHistory } from './ScraperHistory.ts';
import { Sender } from './Sender.ts';
import { Setting } from './Setting.ts';
import { SocialDiscoveryJob } from './SocialDiscoveryJob.ts';
import { SocialDraft } from './SocialDraft.ts';
import { SocialDraftVersion } from './SocialDraftVersion.ts';
import { SocialMessage } from './SocialMessage.ts';
import { SocialProfile } from './SocialProfile.ts';
import { Suppression } from './Suppression.ts';
import { Template } from './Template.ts';
import { Webhook } from './Webhook.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';
import { WorkerProcess } from './WorkerProcess.ts';

/** Every entity, explicitly: a class that is not here has no table. */
export const entities = [
  Activity,
  ApiKey,
  DiscoveryQuery,
  EmailDraft,
  EmailDraftVersion,
  EmailMessage,
  IdempotencyKey,
  InboundMessage,
  Job,
  JobChunk,
  JobTarget,
  Mailbox,
  Prospect,
  RateLimit,
  SavedFilter,
  ScraperHistory,
  Sender,
  Setting,
  SocialDiscoveryJob,
  SocialDraft,
  SocialDraftVersion,
  SocialMessage,
  SocialProfile,
  Suppression,
  Template,
  Webhook,
  WebhookDelivery,
  WorkerProcess,
];
