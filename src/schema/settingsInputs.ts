import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';
import { Settings } from './Settings.ts';
import { UserError } from './UserError.ts';

@InputType({ description: 'Hours in which messages may leave.' })
export class SendingWindowInput {
  @Field(() => [Int], { description: 'Days of the week as ISO 8601 counts them: 1 is Monday, 7 is Sunday.' })
  days!: number[];

  @Field({ description: 'The first minute, such as 09:00.' })
  from!: string;

  @Field({ description: 'The first minute outside, later on the same day, 24:00 at the latest.' })
  to!: string;

  @Field({ description: 'A time zone of the IANA, such as Europe/Berlin.' })
  timeZone!: string;
}

@InputType({ description: 'Changes of the sending on one channel; what is absent stays, null brings the default back.' })
export class SendingSettingsInput {
  @Field(() => Int, { nullable: true, description: 'Messages a day and sender; 0 sends nothing.' })
  dailyCap?: number | null;

  @Field(() => Int, { nullable: true, description: 'Seconds between two messages of a sender.' })
  minimumGapSeconds?: number | null;

  @Field(() => SendingWindowInput, { nullable: true, description: 'When messages may leave; null for at any time.' })
  window?: SendingWindowInput | null;
}

@InputType({ description: 'Changes of follow-ups; what is absent stays, null brings the default back.' })
export class FollowUpSettingsInput {
  @Field(() => Int, { nullable: true, description: 'Follow-ups to one prospect at most; 0 forbids them.' })
  maximum?: number | null;
}

@InputType({ description: 'Changes of a default template; what is absent stays, null brings the built-in text back.' })
export class DraftTemplateSettingsInput {
  @Field(() => String, { nullable: true, description: 'Liquid; the social channel has none.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid.' })
  body?: string | null;
}

@InputType({ description: 'Changes of a default text of follow-ups; what is absent stays, null brings the built-in text back.' })
export class FollowUpTemplateSettingsInput {
  @Field(() => String, { nullable: true, description: 'Liquid.' })
  body?: string | null;
}

@InputType({ description: 'Changes of the drafter with a language model; what is absent stays, null brings the default back.' })
export class LanguageModelSettingsInput {
  @Field(() => Float, { nullable: true, description: 'Once a job has cost so much it asks for no more drafts; in the currency of the prices.' })
  costCapPerJob?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of a million tokens read.' })
  inputPricePerMillion?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of a million tokens written.' })
  outputPricePerMillion?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests a minute that all workers together make at most, evenly spaced.' })
  requestsPerMinute?: number | null;
}

@InputType({ description: 'Settings to change; what is absent stays.' })
export class UpdateSettingsInput {
  @Field(() => DateTime, { nullable: true, description: 'As it was read, null included: when others have changed something since, nothing happens and the answer is STALE. Absent: it does not matter.' })
  updatedAt?: Date | null;

  @Field(() => SendingSettingsInput, { nullable: true, description: 'Of sending mails.' })
  sendingEmail?: SendingSettingsInput | null;

  @Field(() => SendingSettingsInput, { nullable: true, description: 'Of sending messages on social platforms.' })
  sendingSocial?: SendingSettingsInput | null;

  @Field(() => FollowUpSettingsInput, { nullable: true, description: 'Of follow-ups.' })
  followUp?: FollowUpSettingsInput | null;

  @Field(() => DraftTemplateSettingsInput, { nullable: true, description: 'The default template of mails.' })
  draftEmail?: DraftTemplateSettingsInput | null;

  @Field(() => DraftTemplateSettingsInput, { nullable: true, description: 'The default template of messages on social platforms.' })
  draftSocial?: DraftTemplateSettingsInput | null;

  @Field(() => FollowUpTemplateSettingsInput, { nullable: true, description: 'The default text of mails that follow up.' })
  followUpEmail?: FollowUpTemplateSettingsInput | null;

  @Field(() => FollowUpTemplateSettingsInput, { nullable: true, description: 'The default text of messages on social platforms that follow up.' })
  followUpSocial?: FollowUpTemplateSettingsInput | null;

  @Field(() => LanguageModelSettingsInput, { nullable: true, description: 'Of the drafter with a language model.' })
  languageModel?: LanguageModelSettingsInput | null;
}

@ObjectType({ description: 'What became of a change of settings.', simpleResolvers: true })
export class SettingsPayload {
  @Field(() => Settings, { nullable: true, description: 'The settings as they hold now; null when nothing was changed because of an error.' })
  settings?: Settings | null;

  @Field(() => [UserError], { description: 'Why nothing was changed; empty after a success.' })
  userErrors!: UserError[];
}
