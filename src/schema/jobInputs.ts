import { Field, ID, InputType, Int } from 'type-graphql';
import { Channel, Drafter } from '../domain/enums.ts';
import './enums.ts';
import { ProspectFilter } from './filters.ts';

@InputType({ description: 'A draft to look at.' })
export class PreviewDraftInput {
  @Field(() => Channel, { defaultValue: Channel.EMAIL, description: 'The way it would go.' })
  channel!: Channel;

  @Field(() => ID, { description: 'The prospect that it is for.' })
  prospectId!: string;

  @Field(() => String, { nullable: true, description: 'Liquid; the default template of the settings when absent.' })
  subjectTemplate?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid; the default template of the settings when absent.' })
  bodyTemplate?: string | null;

  @Field(() => ID, { nullable: true, description: 'A template that is kept, instead of texts.' })
  templateId?: string | null;
}

@InputType({ description: 'Drafts to write.' })
export class StartDraftJobInput {
  @Field(() => Channel, { defaultValue: Channel.EMAIL, description: 'The way they would go.' })
  channel!: Channel;

  @Field(() => [ID], { nullable: true, description: 'Explicit targets, 1,000 at most; when absent, every approved prospect that the filter selects and that has no draft yet.' })
  prospectIds?: string[] | null;

  @Field(() => ProspectFilter, { nullable: true, description: 'Narrows the targets.' })
  filter?: ProspectFilter | null;

  @Field(() => String, { nullable: true, description: 'Liquid; the default template of the settings when absent.' })
  subjectTemplate?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid; the default template of the settings when absent.' })
  bodyTemplate?: string | null;

  @Field(() => ID, { nullable: true, description: 'A template that is kept, instead of texts.' })
  templateId?: string | null;

  @Field(() => Drafter, { defaultValue: Drafter.LIQUID, description: 'Who writes them. LANGUAGE_MODEL takes the templates as its instruction; NOT_CONFIGURED where there is none.' })
  drafter!: Drafter;

  @Field(() => Int, { nullable: true, description: 'Required with filter or without targets: another count answers STALE.' })
  expectedCount?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Follow-ups to write.' })
export class FollowUpInput {
  @Field(() => Channel, { defaultValue: Channel.EMAIL, description: 'The way the first message went, and they would go.' })
  channel!: Channel;

  @Field(() => Int, { nullable: true, defaultValue: 4, description: 'Days of 24 hours without a reply since the last message, 0 to 365.' })
  afterDays?: number | null;

  @Field(() => ID, { nullable: true, description: 'A template that is kept, instead of a text; its subject does not count.' })
  templateId?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid; the default text of the settings when absent. The subject is that of the first message.' })
  bodyTemplate?: string | null;

  @Field(() => Drafter, { defaultValue: Drafter.LIQUID, description: 'Who writes them. LANGUAGE_MODEL takes the templates as its instruction; NOT_CONFIGURED where there is none.' })
  drafter!: Drafter;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'The job that something is done to.' })
export class JobActionInput {
  @Field(() => ID, { description: 'The job.' })
  id!: string;
}

@InputType({ description: 'The job whose failures are tried again.' })
export class RetryJobInput {
  @Field(() => ID, { description: 'The finished job.' })
  id!: string;

  @Field(() => [String], { nullable: true, description: 'Only the failures with these codes; all when absent.' })
  codes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}
