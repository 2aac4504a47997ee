import type { Channel, TemplateFieldsFragment } from '../../../graphql/graphql.ts';
import type { Settings } from '../useSettings.ts';

type DefaultText = { subject: string | null; body: string };

/** The text of each channel that holds where none is chosen; it is a setting. */
export const defaults = [
  { id: 'default-email', channel: 'EMAIL', setting: 'draftEmail', name: 'Default for e-mail', textOf: ({ draftEmail }: Settings): DefaultText => draftEmail },
  { id: 'default-social', channel: 'SOCIAL', setting: 'draftSocial', name: 'Default for social', textOf: ({ draftSocial }: Settings): DefaultText => draftSocial },
] as const;

/** The default of a channel. */
export function defaultOf(channel: Channel) {
  return channel === 'EMAIL' ? defaults[0] : defaults[1];
}

/** Whether what holds for the template's channel is its text. */
export function isDefault({ channel, subject, body }: TemplateFieldsFragment, settings: Settings): boolean {
  const text = defaultOf(channel).textOf(settings);
  return text.body === body && (text.subject ?? null) === (subject ?? null);
}
