import type { SendingSettingsInput } from '../../../graphql/graphql.ts';
import { type Bounds, outOfBounds } from '../bounds.ts';
import type { Edits, Texts } from '../../../parts/form/useEdits.ts';
import type { Settings } from '../useSettings.ts';
import type { SettingsChange } from '../useSettingsForm.ts';

/** The settings of each channel, by the name that the API gives them. */
export const channels = ['sendingEmail', 'sendingSocial'] as const;
export type ChannelName = (typeof channels)[number];

export const dailyCap: Bounds = { least: 0, most: 1_000_000, whole: true };
export const minimumGap: Bounds = { least: 0, most: 86_400, whole: true };

/** The fields of both channels as text. Those of a window are empty where there is none. */
export function textsOf(settings: Settings): Texts {
  return Object.assign({}, ...channels.map((channel) => ofChannel(channel, settings[channel]))) as Texts;
}

function ofChannel(channel: ChannelName, { dailyCap: cap, minimumGapSeconds, window }: Settings[ChannelName]): Texts {
  return {
    [`${channel}.dailyCap`]: String(cap),
    [`${channel}.minimumGapSeconds`]: String(minimumGapSeconds),
    [`${channel}.window`]: window ? 'on' : '',
    [`${channel}.window.days`]: window?.days.join(' ') ?? '',
    [`${channel}.window.from`]: window?.from ?? '',
    [`${channel}.window.to`]: window?.to ?? '',
    [`${channel}.window.timeZone`]: window?.timeZone ?? '',
  };
}

/** What is wrong with a field, before the server is asked. */
export function checkSending(name: string, text: string): string | null {
  if (name.endsWith('.dailyCap')) return outOfBounds(text, dailyCap);
  if (name.endsWith('.minimumGapSeconds')) return outOfBounds(text, minimumGap);
  if (name.endsWith('.window.days') && text === '') return 'Choose a day at least.';
  return null;
}

/** What was changed. A window goes as a whole. */
export function changeOf({ changed, text }: Edits): SettingsChange {
  const change: Partial<Record<ChannelName, SendingSettingsInput>> = {};
  for (const name of changed) {
    const [channel, field] = name.split('.') as [ChannelName, string];
    const part = (change[channel] ??= {});
    if (field === 'dailyCap') part.dailyCap = Number(text(name));
    if (field === 'minimumGapSeconds') part.minimumGapSeconds = Number(text(name));
    if (field === 'window') part.window = windowOf(channel, text);
  }
  return change;
}

function windowOf(channel: ChannelName, text: Edits['text']): SendingSettingsInput['window'] {
  const at = `${channel}.window`;
  if (text(at) === '') return null;
  return {
    days: text(`${at}.days`).split(' ').filter(Boolean).map(Number).toSorted(),
    from: text(`${at}.from`),
    to: text(`${at}.to`),
    timeZone: text(`${at}.timeZone`),
  };
}
