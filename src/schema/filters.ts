import { Field, ID, InputType, Int } from 'type-graphql';
import { Channel, DraftStatus, JobStatus, JobType, MessageStatus, PipelineStage, Platform, ReviewStatus, SourceType } from '../domain/enums.ts';
import { DateTime } from './dateTime.ts';
import { DraftOrderField, JobOrderField, OrderDirection, ProspectOrderField, SocialProfileOrderField } from './enums.ts';

@InputType({ description: 'Which prospects; every condition that is given must hold.' })
export class ProspectFilter {
  @Field(() => SourceType, { nullable: true, description: 'Of this pipeline.' })
  sourceType?: SourceType | null;

  @Field(() => [Platform], { nullable: true, description: 'Found on one of these platforms.' })
  sourcePlatform?: Platform[] | null;

  @Field(() => [PipelineStage], { nullable: true, description: 'At one of these stages.' })
  stage?: PipelineStage[] | null;

  @Field(() => [ReviewStatus], { nullable: true, description: 'With one of these decisions.' })
  reviewStatus?: ReviewStatus[] | null;

  @Field(() => [DraftStatus], { nullable: true, description: 'With a current e-mail draft in one of these states.' })
  draftStatus?: DraftStatus[] | null;

  @Field(() => Boolean, { nullable: true, description: 'With, or without, an e-mail address.' })
  hasEmail?: boolean | null;

  @Field(() => String, { nullable: true, description: 'With this tag.' })
  tag?: string | null;

  @Field(() => [String], { nullable: true, description: 'With all of these tags.' })
  tags?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Created or updated by this import or discovery.' })
  jobId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Changed by this review.' })
  reviewBatch?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Created after this moment.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Created before this moment.' })
  createdBefore?: Date | null;

  @Field(() => Int, { nullable: true, description: 'With at least this many followers.' })
  minFollowers?: number | null;

  @Field(() => String, { nullable: true, description: 'Full-text search over name, username, bio and tags.' })
  search?: string | null;
}

@InputType({ description: 'How prospects are ordered.' })
export class ProspectOrder {
  @Field(() => ProspectOrderField, { description: 'By what.' })
  field!: ProspectOrderField;

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType({ description: 'Which social profiles; every condition that is given must hold.' })
export class SocialProfileFilter {
  @Field(() => [Platform], { nullable: true, description: 'On one of these platforms.' })
  platform?: Platform[] | null;

  @Field(() => [DraftStatus], { nullable: true, description: 'With a latest draft in one of these states.' })
  draftStatus?: DraftStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Full-text search over name, username and bio.' })
  search?: string | null;
}

@InputType({ description: 'How social profiles are ordered.' })
export class SocialProfileOrder {
  @Field(() => SocialProfileOrderField, { description: 'By what.' })
  field!: SocialProfileOrderField;

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType({ description: 'Which drafts; every condition that is given must hold.' })
export class DraftFilter {
  @Field(() => [DraftStatus], { nullable: true, description: 'In one of these states.' })
  status?: DraftStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Written by this job.' })
  jobId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For this prospect.' })
  prospectId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only follow-ups, or only first messages.' })
  isFollowUp?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only with, or only without, something that the lint found.' })
  hasProblems?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Full-text search over the prospect or the profile that it is for.' })
  search?: string | null;
}

@InputType({ description: 'How drafts are ordered.' })
export class DraftOrder {
  @Field(() => DraftOrderField, { description: 'By what.' })
  field!: DraftOrderField;

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType({ description: 'Which messages; every condition that is given must hold.' })
export class MessageFilter {
  @Field(() => Channel, { nullable: true, description: 'Going this way.' })
  channel?: Channel | null;

  @Field(() => [MessageStatus], { nullable: true, description: 'In one of these states.' })
  status?: MessageStatus[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that something holds back, or only the others.' })
  isBlocked?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Sent by this job.' })
  jobId?: string | null;

  @Field(() => String, { nullable: true, description: 'Full-text search over the prospect or the profile that it is for.' })
  search?: string | null;
}

@InputType({ description: 'Which jobs; every condition that is given must hold.' })
export class JobFilter {
  @Field(() => [JobType], { nullable: true, description: 'Of one of these kinds.' })
  type?: JobType[] | null;

  @Field(() => [JobStatus], { nullable: true, description: 'In one of these states.' })
  status?: JobStatus[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Created after this moment.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Created before this moment.' })
  createdBefore?: Date | null;
}

@InputType({ description: 'How jobs are ordered.' })
export class JobOrder {
  @Field(() => JobOrderField, { description: 'By what.' })
  field!: JobOrderField;

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: OrderDirection;
}
