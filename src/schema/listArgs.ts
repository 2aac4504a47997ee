import { ArgsType, Field } from 'type-graphql';
import { Channel } from '../domain/enums.ts';
import {
  DraftFilter, DraftOrder, JobFilter, JobOrder, MessageFilter, ProspectFilter, ProspectOrder, SocialProfileFilter, SocialProfileOrder,
} from './filters.ts';
import { PageArgs } from './PageArgs.ts';

@ArgsType()
export class ProspectsArgs extends PageArgs {
  @Field(() => ProspectFilter, { nullable: true, description: 'Which prospects; all when absent.' })
  filter?: ProspectFilter | null;

  @Field(() => ProspectOrder, { nullable: true, description: 'In which order; newest first when absent.' })
  orderBy?: ProspectOrder | null;
}

@ArgsType()
export class SocialProfilesArgs extends PageArgs {
  @Field(() => SocialProfileFilter, { nullable: true, description: 'Which profiles; all when absent.' })
  filter?: SocialProfileFilter | null;

  @Field(() => SocialProfileOrder, { nullable: true, description: 'In which order; newest first when absent.' })
  orderBy?: SocialProfileOrder | null;
}

@ArgsType()
export class ProspectDraftsArgs extends PageArgs {
  @Field(() => DraftFilter, { nullable: true, description: 'Which drafts; all when absent.' })
  filter?: DraftFilter | null;
}

@ArgsType()
export class DraftsArgs extends ProspectDraftsArgs {
  @Field(() => Channel, { nullable: true, description: 'Of this channel; of both when absent.' })
  channel?: Channel | null;

  @Field(() => DraftOrder, { nullable: true, description: 'In which order; newest first when absent.' })
  orderBy?: DraftOrder | null;
}

@ArgsType()
export class MessagesArgs extends PageArgs {
  @Field(() => MessageFilter, { nullable: true, description: 'Which messages; all when absent.' })
  filter?: MessageFilter | null;
}

@ArgsType()
export class JobsArgs extends PageArgs {
  @Field(() => JobFilter, { nullable: true, description: 'Which jobs; all when absent.' })
  filter?: JobFilter | null;

  @Field(() => JobOrder, { nullable: true, description: 'In which order; newest first when absent.' })
  orderBy?: JobOrder | null;
}

@ArgsType()
export class JobFailuresArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only failures with this code.' })
  code?: string | null;
}
