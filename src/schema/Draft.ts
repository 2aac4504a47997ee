import { Field, Int, ObjectType } from 'type-graphql';
import { Channel, DraftStatus } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';

@ObjectType({ implements: Node, description: 'A message that was written and waits for a person.', simpleResolvers: true })
export class Draft extends Node {
  @Field(() => Channel, { description: 'The way it would go.' })
  channel!: Channel;

  @Field(() => String, { nullable: true, description: 'The subject of an e-mail; null on the social channel.' })
  subject?: string | null;

  @Field({ description: 'The text.' })
  body!: string;

  @Field(() => DraftStatus, { description: 'How far it has come.' })
  status!: DraftStatus;

  @Field(() => Int, { description: 'Grows by one with every change of the text.' })
  version!: number;

  @Field({ description: 'sha-256 over channel, recipient, subject and body; an approval names the one it read.' })
  fingerprint!: string;

  @Field({ description: 'Whether it follows up an earlier message.' })
  isFollowUp!: boolean;

  @Field(() => String, { nullable: true, description: "Where it will go: the e-mail address or the profile's URL." })
  recipient?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was rejected.' })
  reviewReason?: string | null;

  @Field(() => [String], { description: 'What the lint found; an approval with an error answers INVALID.' })
  problems!: string[];

  @Field(() => DateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'A text that a draft had before it was changed.', simpleResolvers: true })
export class DraftVersion {
  @Field(() => Int, { description: 'Draft.version of that time.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'The subject; null on the social channel.' })
  subject?: string | null;

  @Field({ description: 'The text.' })
  body!: string;

  @Field({ description: 'Draft.fingerprint of that time.' })
  fingerprint!: string;

  @Field(() => DateTime, { description: 'When it was written.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When another text took its place.' })
  replacedAt!: Date;

  @Field({ description: 'Who replaced it.' })
  replacedBy!: string;
}

export const DraftConnection = connectionOf(Draft, 'Draft', 'drafts');

@ObjectType({ description: 'A draft that was rendered and not saved.', simpleResolvers: true })
export class DraftPreview {
  @Field(() => String, { nullable: true, description: 'The rendered subject; null on the social channel.' })
  subject?: string | null;

  @Field({ description: 'The rendered text.' })
  body!: string;

  @Field(() => [String], { description: 'Variables without a value.' })
  missing!: string[];

  @Field(() => [String], { description: 'What the lint found.' })
  problems!: string[];
}
