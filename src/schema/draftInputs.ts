import { Field, ID, InputType, Int } from 'type-graphql';
import { ReviewDecision } from './enums.ts';

@InputType({ description: 'Another text for a draft; what is absent stays.' })
export class UpdateDraftInput {
  @Field(() => ID, { description: 'Which one: it waits for a review, or was approved or rejected.' })
  id!: string;

  @Field(() => Int, { description: 'The version that was read; another one answers STALE.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'The subject of an e-mail, 1,000 characters at most; the social channel has none.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'The text, 100,000 characters at most.' })
  body?: string | null;
}

@InputType({ description: 'A draft that was read.' })
export class DraftReview {
  @Field(() => ID, { description: 'Which one.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Draft.fingerprint of what was read; required to approve.' })
  fingerprint?: string | null;
}

@InputType({ description: 'Drafts to decide over.' })
export class ReviewDraftsInput {
  @Field(() => [DraftReview], { description: '100 at most.' })
  drafts!: DraftReview[];

  @Field(() => ReviewDecision, { description: 'What was decided.' })
  decision!: ReviewDecision;

  @Field(() => String, { nullable: true, description: 'Why they are rejected; for people.' })
  reason?: string | null;
}
