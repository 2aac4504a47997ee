import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Platform } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Json } from './json.ts';
import { Node } from './Node.ts';
import { PageArgs } from './PageArgs.ts';

@ObjectType({ implements: Node, description: 'A search for prospects, kept with what it was meant for, to be run again.', simpleResolvers: true })
export class DiscoveryQuery extends Node {
  @Field(() => Platform, { description: 'Where is searched.' })
  platform!: Platform;

  @Field({ description: 'What is searched for: words, or the addresses of websites.' })
  query!: string;

  @Field(() => String, { nullable: true, description: 'What for.' })
  searchIntent?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom it shall find.' })
  targetAudience?: string | null;

  @Field(() => String, { nullable: true, description: 'Where they are.' })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'What they speak.' })
  language?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many follow them at least.' })
  minFollowers?: number | null;

  @Field(() => Json, { description: 'All filters, as they were given.' })
  filters!: unknown;

  @Field(() => Int, { description: 'Prospects that were first found by it.' })
  prospectCount!: number;

  @Field(() => String, { nullable: true, description: 'Who searched first.' })
  createdBy?: string | null;

  @Field(() => DateTime, { description: 'When it was first run.' })
  createdAt!: Date;
}

export const DiscoveryQueryConnection = connectionOf(DiscoveryQuery, 'DiscoveryQuery', 'searches');

@ObjectType({ implements: Node, description: 'One request of a search: what was asked, what came back.', simpleResolvers: true })
export class ScraperRequest extends Node {
  @Field({ description: 'What was asked for, before redirects.' })
  url!: string;

  @Field(() => Int, { nullable: true, description: 'Of the answer; null when there was none.' })
  httpStatus?: number | null;

  @Field(() => Int, { description: 'Prospects that it brought.' })
  prospectsFound!: number;

  @Field(() => String, { nullable: true, description: 'Why it brought nothing; null when it succeeded.' })
  error?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;
}

export const ScraperRequestConnection = connectionOf(ScraperRequest, 'ScraperRequest', 'requests');

@InputType({ description: 'Which searches; those that fit everything that is given.' })
export class DiscoveryQueryFilter {
  @Field(() => Platform, { nullable: true, description: 'On this platform.' })
  platform?: Platform | null;
}

@ArgsType()
export class DiscoveryQueriesArgs extends PageArgs {
  @Field(() => DiscoveryQueryFilter, { nullable: true, description: 'Which searches; all when absent.' })
  filter?: DiscoveryQueryFilter | null;
}

@InputType({ description: 'Prospects to search for.' })
export class DiscoverInput {
  @Field(() => Platform, {
    description: 'Where: WEBSITE, BLUESKY, MASTODON or GITHUB. Others have no open door, and answer UNSUPPORTED with what to do instead.',
  })
  platform!: Platform;

  @Field({ description: 'Words, of 2,000 characters at most; on WEBSITE up to 1,000 addresses of sites, parted by spaces, commas or lines.' })
  query!: string;

  @Field(() => Json, {
    nullable: true,
    description: 'An object: searchIntent, targetAudience, and what the platform understands (language, location, minFollowers, …); anything else answers INVALID with what that is.',
  })
  filters?: unknown;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Prospects at most, 1 to 10,000; on WEBSITE so many of the sites.' })
  limit?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'The search that is run again.' })
export class RunDiscoveryQueryInput {
  @Field(() => ID, { description: 'The search.' })
  id!: string;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'Prospects at most, 1 to 10,000; on WEBSITE so many of the sites.' })
  limit?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}
