import { Field, ID, InputType, Int } from 'type-graphql';
import { Platform, SourceType } from '../domain/enums.ts';
import { DateTime } from './dateTime.ts';
import { EmailAddress } from './emailAddress.ts';
import { ImportFormat, ReviewDecision } from './enums.ts';
import { ProspectFilter } from './filters.ts';
import { Json } from './json.ts';
import { UrlScalar } from './url.ts';

@InputType({ description: 'A new prospect.' })
export class CreateProspectInput {
  @Field(() => SourceType, { defaultValue: SourceType.WEBSITE, description: 'The pipeline that it belongs to.' })
  sourceType!: SourceType;

  @Field(() => Platform, { defaultValue: Platform.WEBSITE, description: 'Where it was found.' })
  sourcePlatform!: Platform;

  @Field(() => UrlScalar, { nullable: true, description: 'The address of its website or profile.' })
  profileUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The handle on the platform.' })
  username?: string | null;

  @Field({ description: 'The name that people read; 1 to 500 characters.' })
  displayName!: string;

  @Field(() => EmailAddress, { nullable: true, description: 'Where an e-mail would go.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'What it says about itself.' })
  bioText?: string | null;

  @Field(() => [String], { nullable: true, description: 'Labels for filters.' })
  tags?: string[] | null;
}

@InputType({ description: 'What changes of a prospect: what is absent stays; null clears.' })
export class UpdateProspectInput {
  @Field(() => ID, { description: 'The prospect.' })
  id!: string;

  @Field(() => DateTime, { description: 'As it was read; another one answers STALE.' })
  updatedAt!: Date;

  @Field(() => String, { nullable: true, description: 'The name that people read; 1 to 500 characters.' })
  displayName?: string | null;

  @Field(() => UrlScalar, { nullable: true, description: 'The address of its website or profile.' })
  profileUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The handle on the platform.' })
  username?: string | null;

  @Field(() => EmailAddress, { nullable: true, description: 'Where an e-mail would go.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'What it says about itself.' })
  bioText?: string | null;

  @Field(() => [String], { nullable: true, description: 'Labels for filters.' })
  tags?: string[] | null;
}

@InputType({ description: 'Which prospects are deleted.' })
export class DeleteProspectsInput {
  @Field(() => [ID], { description: 'The prospects; 1,000 at most.' })
  ids!: string[];
}

@InputType({ description: 'A small file of prospects.' })
export class ImportProspectsInput {
  @Field(() => ImportFormat, { description: 'How the file is written.' })
  format!: ImportFormat;

  @Field({ description: "The file's text, 64 kB at most; larger files are streamed to POST /import or given to the import command." })
  data!: string;

  @Field(() => Json, { nullable: true, description: 'File column → Prospect field, where the names differ.' })
  mapping?: Record<string, unknown> | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Shows every outcome and writes nothing.' })
  dryRun?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A decision: ids, filter or batch, exactly one of them; a filter needs expectedCount, and another count answers STALE.' })
export class ReviewProspectsInput {
  @Field(() => [ID], { nullable: true, description: 'These prospects; 1,000 at most.' })
  ids?: string[] | null;

  @Field(() => ProspectFilter, { nullable: true, description: 'Every prospect that the filter selects.' })
  filter?: ProspectFilter | null;

  @Field(() => Int, { nullable: true, description: 'How many the filter selected when it was read.' })
  expectedCount?: number | null;

  @Field(() => ID, { nullable: true, description: 'The batch of an earlier answer: REOPEN with it takes exactly that decision back.' })
  batch?: string | null;

  @Field(() => ReviewDecision, { description: 'What was decided.' })
  decision!: ReviewDecision;

  @Field(() => String, { nullable: true, description: 'Why; for people.' })
  reason?: string | null;
}
