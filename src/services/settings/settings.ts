import { z } from 'zod';
import { Channel } from '../../domain/enums.ts';
import { builtInFollowUps, builtInTemplates } from '../drafts/draftTemplate.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must look like 09:00');

/** Hours in which mails may leave, on the clock of a place. Both ends lie on the same day; `to` is the first minute outside. */
const sendingWindow = z
  .object({
    days: z.array(z.int().min(1).max(7)).min(1, 'must name a day').refine((days) => new Set(days).size === days.length, 'must name each day once'),
    from: timeOfDay,
    to: timeOfDay.or(z.literal('24:00')),
    timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be later than from: a window ends on the day it begins' });

const sendingRules = z.object({
  /** messages a day; 0 sends nothing */
  dailyCap: z.int().min(0).max(1_000_000).default(500),
  /** between two messages */
  minimumGapSeconds: z.int().min(0).max(86_400).default(0),
  /** null: at any time */
  window: sendingWindow.nullable().default(null),
});

const money = z.number().min(0).max(1_000_000);

function draftTemplate(channel: Channel) {
  const { subject, body } = builtInTemplates[channel];
  return z.object({ subject: z.string().max(1_000).nullable().default(subject), body: z.string().min(1, 'must not be empty').max(50_000).default(body) });
}

function followUpTemplate(channel: Channel) {
  return z.object({ body: z.string().min(1, 'must not be empty').max(50_000).default(builtInFollowUps[channel]) });
}

/** Key in the table `settings` → the shape of its value; what is absent has the default that stands here. */
export const settingSchemas = {
  'sending.email': sendingRules,
  'sending.social': sendingRules,
  /** follow-ups to one prospect at most */
  followUp: z.object({ maximum: z.int().min(0).max(20).default(2) }),
  'draft.email': draftTemplate(Channel.EMAIL),
  'draft.social': draftTemplate(Channel.SOCIAL),
  'followUp.email': followUpTemplate(Channel.EMAIL),
  'followUp.social': followUpTemplate(Channel.SOCIAL),
  /** prices in the currency of the cap */
  languageModel: z.object({
    costCapPerJob: money.default(5),
    inputPricePerMillion: money.default(0),
    outputPricePerMillion: money.default(0),
    requestsPerMinute: z.int().min(1).max(100_000).default(60),
  }),
} as const;

export type SettingKey = keyof typeof settingSchemas;
export type SettingValue<Key extends SettingKey> = z.infer<(typeof settingSchemas)[Key]>;
export type SendingRules = z.infer<typeof sendingRules>;

/** What the API calls a setting: `sending.email` is `sendingEmail`. */
export const inputName = (key: string): string => key.replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase());

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
