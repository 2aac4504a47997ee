import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DraftStatus, PipelineStage, Platform, ReviewStatus, SourceType } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { EmailAddress } from './emailAddress.ts';
import './enums.ts';
import { Node } from './Node.ts';
import { UrlScalar } from './url.ts';

@ObjectType({ implements: Node, description: 'A person or organisation that may be contacted.', simpleResolvers: true })
export class Prospect extends Node {
  @Field(() => SourceType, { description: 'The pipeline it came in by.' })
  sourceType!: SourceType;

  @Field(() => Platform, { description: 'The platform it was found on.' })
  sourcePlatform!: Platform;

  @Field(() => UrlScalar, { nullable: true, description: 'The address of its website or profile.' })
  profileUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The handle on the platform.' })
  username?: string | null;

  @Field({ description: 'The name that people read.' })
  displayName!: string;

  @Field(() => EmailAddress, { nullable: true, description: 'Where an e-mail would go.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'What it says about itself.' })
  bioText?: string | null;

  @Field(() => [UrlScalar], { description: 'Addresses that it links to.' })
  externalLinks!: string[];

  @Field(() => Int, { nullable: true, description: 'Followers on the platform; null when unknown.' })
  followerCount?: number | null;

  @Field(() => Float, { nullable: true, description: 'Reactions per follower in percent; null when unknown.' })
  engagementRate?: number | null;

  @Field(() => [String], { description: 'Labels for filters.' })
  tags!: string[];

  @Field(() => DateTime, { nullable: true, description: 'When it was last read from the platform.' })
  scrapedAt?: Date | null;

  @Field(() => PipelineStage, { description: 'Its one place in the pipeline.' })
  stage!: PipelineStage;

  @Field(() => ReviewStatus, { description: 'What a person decided.' })
  reviewStatus!: ReviewStatus;

  @Field(() => String, { nullable: true, description: 'Why it was rejected.' })
  reviewReason?: string | null;

  @Field(() => String, { nullable: true, description: 'The subject of the current e-mail draft.' })
  draftSubject?: string | null;

  @Field(() => String, { nullable: true, description: 'The text of the current e-mail draft.' })
  draftBody?: string | null;

  @Field(() => DraftStatus, { description: 'The state of the current e-mail draft.' })
  draftStatus!: DraftStatus;

  @Field(() => DateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed; `updateProspect` asks for it.' })
  updatedAt!: Date;
}

export const ProspectConnection = connectionOf(Prospect, 'Prospect', 'prospects');
