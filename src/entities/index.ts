import { Activity } from './Activity.ts';
import { ApiKey } from './ApiKey.ts';
import { DiscoveryQuery } from './DiscoveryQuery.ts';
import { EmailDraft } from './EmailDraft.ts';
import { EmailMessage } from './EmailMessage.ts';
import { IdempotencyKey } from './IdempotencyKey.ts';
import { Job } from './Job.ts';
import { JobChunk } from './JobChunk.ts';
import { JobTarget } from './JobTarget.ts';
import { Prospect } from './Prospect.ts';
import { RateLimit } from './RateLimit.ts';
import { ScraperHistory } from './ScraperHistory.ts';
import { Setting } from './Setting.ts';
import { SocialDiscoveryJob } from './SocialDiscoveryJob.ts';
import { SocialDraft } from './SocialDraft.ts';
import { SocialMessage } from './SocialMessage.ts';
import { SocialProfile } from './SocialProfile.ts';
import { Suppression } from './Suppression.ts';
import { WorkerProcess } from './WorkerProcess.ts';

/** Every entity, explicitly: a class that is not here has no table. */
export const entities = [
  Activity,
  ApiKey,
  DiscoveryQuery,
  EmailDraft,
  EmailMessage,
  IdempotencyKey,
  Job,
  JobChunk,
  JobTarget,
  Prospect,
  RateLimit,
  ScraperHistory,
  Setting,
  SocialDiscoveryJob,
  SocialDraft,
  SocialMessage,
  SocialProfile,
  Suppression,
  WorkerProcess,
];
