import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Role } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';
import { UserError } from './UserError.ts';

@ObjectType({ implements: Node, description: 'A key that opens the API; the key itself is shown once, when it is made.', simpleResolvers: true })
export class ApiKey extends Node {
  @Field({ description: 'Who acts with it, in the record of activities.' })
  name!: string;

  @Field(() => Role, { description: 'What it may do.' })
  role!: Role;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null for never.' })
  expiresAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When somebody ended it.' })
  revokedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to about a minute; an open socket is a use. Null for never.' })
  lastUsedAt?: Date | null;
}

export const ApiKeyConnection = connectionOf(ApiKey, 'ApiKey', 'API keys');

@InputType({ description: 'An API key to make.' })
export class CreateApiKeyInput {
  @Field({ description: 'Who acts with it; 200 characters at most.' })
  name!: string;

  @Field(() => Role, { description: 'What it may do.' })
  role!: Role;

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; never when absent.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'The API key that ends.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The API key.' })
  id!: string;
}

@ObjectType({ description: 'What became of an API key.', simpleResolvers: true })
export class ApiKeyPayload {
  @Field(() => String, { nullable: true, description: 'The new key. It is shown here and never again; null when none was made.' })
  key?: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
