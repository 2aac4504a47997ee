import { drafts } from '../../queries/drafts.ts';
import { filterColumns } from '../../queries/filterColumns.ts';
import { messages } from '../../queries/messages.ts';
import type { ReadModel } from '../../queries/readModel.ts';
import { apiKeyTouches } from './apiKeys.ts';
import { discoveryTouches } from './discovery.ts';
import { draftTouches } from './drafts.ts';
import { followUpTouches } from './followUps.ts';
import { jobTouches } from './jobs.ts';
import { messageTouches } from './messages.ts';
import type { Needs } from './needs.ts';
import { prospectTouches } from './prospects.ts';
import { sendingTouches } from './sending.ts';
import { settingsTouches } from './settings.ts';
import { suppressionTouches } from './suppressions.ts';
import { templateTouches } from './templates.ts';
import { webhookTouches } from './webhooks.ts';

/**
 * GraphQL coordinate → what its statements touch besides what its selection reads. What only the social channel or
 * social prospects need stands under the input that asks for it, so that its loss takes nothing else down.
 */
export const touches: Readonly<Record<string, readonly Needs[]>> = {
  ...prospectTouches, ...jobTouches, ...followUpTouches, ...draftTouches, ...messageTouches, ...sendingTouches, ...settingsTouches, ...suppressionTouches, ...apiKeyTouches, ...templateTouches, ...webhookTouches, ...discoveryTouches,
};

/** Coordinates that say more exactly what a request needs than these others do. */
export const insteadOf: Readonly<Record<string, readonly string[]>> = {
  'StartDraftJobInput.channel': ['Mutation.startDraftJob', 'Channel.SOCIAL'],
  'FollowUpInput.channel': ['Mutation.followUp', 'Channel.SOCIAL'],
  'SendMessagesInput.channel': ['Mutation.sendMessages', 'Channel.SOCIAL'],
  'PreviewDraftInput.channel': ['Query.previewDraft', 'Channel.SOCIAL'],
  // The row is read by its key from the table that has it: what the other channel's table lacks stops nothing.
  'UpdateDraftInput.id': fieldsOf(drafts),
  'ReviewDraftsInput.drafts': fieldsOf(drafts),
  'ResolveMessageInput.id': fieldsOf(messages),
  'CancelMessageInput.id': fieldsOf(messages),
  'Channel.EMAIL': ['Query.drafts'],
  'Channel.SOCIAL': ['Query.drafts'],
  // It is kept as it is; nothing is looked for.
  'SaveFilterInput.filter': Object.keys(filterColumns['ProspectFilter']!).map((field) => `ProspectFilter.${field}`),
  // Their channels are of no drafts.
  'MessageFilter.channel': ['Channel.EMAIL', 'Channel.SOCIAL'],
  'CreateTemplateInput.channel': ['Channel.SOCIAL'],
};

function fieldsOf({ type, sources }: ReadModel): string[] {
  return sources.flatMap(({ fields }) => Object.keys(fields).map((field) => `${type}.${field}`));
}
