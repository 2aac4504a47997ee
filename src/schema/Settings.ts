import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';

@ObjectType({ description: 'Hours in which messages may leave, on the clock of a place.', simpleResolvers: true })
export class SendingWindow {
  @Field(() => [Int], { description: 'Days of the week as ISO 8601 counts them: 1 is Monday, 7 is Sunday.' })
  days!: number[];

  @Field({ description: 'The first minute, such as 09:00.' })
  from!: string;

  @Field({ description: 'The first minute outside, on the same day, 24:00 at the latest.' })
  to!: string;

  @Field({ description: 'A time zone of the IANA, such as Europe/Berlin.' })
  timeZone!: string;
}

@ObjectType({ description: 'What slows the sending on one channel down.', simpleResolvers: true })
export class SendingSettings {
  @Field(() => Int, { description: 'Messages a day and sender; 0 sends nothing.' })
  dailyCap!: number;

  @Field(() => Int, { description: 'Seconds between two messages of a sender.' })
  minimumGapSeconds!: number;

  @Field(() => SendingWindow, { nullable: true, description: 'When messages may leave; null for at any time.' })
  window?: SendingWindow | null;
}

@ObjectType({ description: 'How often one prospect is reminded.', simpleResolvers: true })
export class FollowUpSettings {
  @Field(() => Int, { description: 'Follow-ups to one prospect at most; 0 forbids them.' })
  maximum!: number;
}

@ObjectType({ description: 'The text that drafts are made from when none is given.', simpleResolvers: true })
export class DraftTemplateSettings {
  @Field(() => String, { nullable: true, description: 'Liquid; null on the social channel, which has no subject.' })
  subject?: string | null;

  @Field({ description: 'Liquid.' })
  body!: string;
}

@ObjectType({ description: 'The text that follow-ups are made from when none is given.', simpleResolvers: true })
export class FollowUpTemplateSettings {
  @Field({ description: 'Liquid; the subject is that of the first message.' })
  body!: string;
}

@ObjectType({ description: 'What the drafter with a language model may use up.', simpleResolvers: true })
export class LanguageModelSettings {
  @Field(() => Float, { description: 'Once a job has cost so much it asks for no more drafts; in the currency of the prices.' })
  costCapPerJob!: number;

  @Field(() => Float, { description: 'Of a million tokens read.' })
  inputPricePerMillion!: number;

  @Field(() => Float, { description: 'Of a million tokens written.' })
  outputPricePerMillion!: number;

  @Field(() => Int, { description: 'Requests a minute that all workers together make at most, evenly spaced.' })
  requestsPerMinute!: number;
}

@ObjectType({ description: 'How the pipeline works, as it holds now: what was set, and defaults for the rest.', simpleResolvers: true })
export class Settings {
  @Field(() => SendingSettings, { description: 'Of sending mails.' })
  sendingEmail!: SendingSettings;

  @Field(() => SendingSettings, { description: 'Of sending messages on social platforms.' })
  sendingSocial!: SendingSettings;

  @Field(() => FollowUpSettings, { description: 'Of follow-ups, on both channels.' })
  followUp!: FollowUpSettings;

  @Field(() => DraftTemplateSettings, { description: 'The default template of mails.' })
  draftEmail!: DraftTemplateSettings;

  @Field(() => DraftTemplateSettings, { description: 'The default template of messages on social platforms.' })
  draftSocial!: DraftTemplateSettings;

  @Field(() => FollowUpTemplateSettings, { description: 'The default text of mails that follow up.' })
  followUpEmail!: FollowUpTemplateSettings;

  @Field(() => FollowUpTemplateSettings, { description: 'The default text of messages on social platforms that follow up.' })
  followUpSocial!: FollowUpTemplateSettings;

  @Field(() => LanguageModelSettings, { description: 'Of the drafter with a language model.' })
  languageModel!: LanguageModelSettings;

  @Field(() => [String], { description: 'One sentence for each stored value that cannot be used, so that its default holds.' })
  problems!: string[];

  @Field(() => DateTime, { nullable: true, description: 'When one of them was last changed; null while all are defaults.' })
  updatedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who changed it.' })
  updatedBy?: string | null;
}
