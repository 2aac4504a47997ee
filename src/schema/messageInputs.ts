import { Field, ID, InputType } from 'type-graphql';
import { MessageResolution } from './enums.ts';

@InputType({ description: 'What became of a message, told by a person.' })
export class ResolveMessageInput {
  @Field(() => ID, { description: 'The message.' })
  id!: string;

  @Field(() => MessageResolution, { description: 'What became of it.' })
  resolution!: MessageResolution;
}

@InputType({ description: 'The message that will not be sent.' })
export class CancelMessageInput {
  @Field(() => ID, { description: 'The message.' })
  id!: string;
}
