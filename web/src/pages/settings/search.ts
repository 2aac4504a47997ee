import type { DeliveryState, Platform, WebhookEvent } from '../../graphql/graphql.ts';
import { choiceParameter, choicesParameter, textParameter } from '../../searchParams.ts';

export const tabs = ['sending', 'follow-ups', 'language-model', 'templates', 'discovery', 'webhooks', 'api-keys', 'saved-filters', 'about'] as const;
export type SettingsTab = (typeof tabs)[number];

export const deliveryStates = ['WAITING', 'DELIVERED', 'FAILED'] as const satisfies readonly DeliveryState[];
export const webhookEvents = [
  'MESSAGE_SENT', 'MESSAGE_REPLIED', 'MESSAGE_BOUNCED', 'MESSAGE_COMPLAINED', 'JOB_FINISHED', 'SCHEMA_BROKEN',
] as const satisfies readonly WebhookEvent[];
export const discoveryPlatforms = ['WEBSITE', 'BLUESKY', 'MASTODON', 'GITHUB'] as const satisfies readonly Platform[];

/** What the address of the page holds: the section, what is open in it, its filters and the place in its list. */
export type SettingsSearch = {
  tab?: SettingsTab;
  open?: string;
  state?: DeliveryState[];
  event?: WebhookEvent[];
  platform?: Platform[];
  after?: string;
  before?: string;
};

/** The parameters that are understood; anything else is left out. */
export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  return {
    tab: choiceParameter(search['tab'], tabs),
    open: textParameter(search['open']),
    state: choicesParameter(search['state'], deliveryStates),
    event: choicesParameter(search['event'], webhookEvents),
    platform: choicesParameter(search['platform'], discoveryPlatforms),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
  };
}
