import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Platform } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';
import { UrlScalar } from './url.ts';

@ObjectType({ implements: Node, description: 'A handle on a platform; it belongs to exactly one prospect.', simpleResolvers: true })
export class SocialProfile extends Node {
  @Field(() => Platform, { description: 'Where the handle is.' })
  platform!: Platform;

  @Field({ description: 'The handle, without @.' })
  username!: string;

  @Field(() => String, { nullable: true, description: 'The name shown beside the handle.' })
  displayName?: string | null;

  @Field(() => UrlScalar, { description: 'The address of the profile.' })
  profileUrl!: string;

  @Field(() => String, { nullable: true, description: 'What the profile says about itself.' })
  bioText?: string | null;

  @Field(() => [UrlScalar], { description: 'Addresses that the profile links to.' })
  externalLinks!: string[];

  @Field(() => Int, { nullable: true, description: 'Followers; null when unknown.' })
  followerCount?: number | null;

  @Field(() => Float, { nullable: true, description: 'Reactions per follower in percent; null when unknown.' })
  engagementRate?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last read from the platform.' })
  scrapedAt?: Date | null;
}

export const SocialProfileConnection = connectionOf(SocialProfile, 'SocialProfile', 'social profiles');
