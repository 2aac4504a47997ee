import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Channel } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';
import { UserError } from './UserError.ts';

@ObjectType({ implements: Node, description: 'A text with variables, under a name, that drafts are made from.', simpleResolvers: true })
export class Template extends Node {
  @Field({ description: 'Unique.' })
  name!: string;

  @Field(() => Channel, { description: 'What it is written for.' })
  channel!: Channel;

  @Field(() => String, { nullable: true, description: 'Liquid; null on the social channel, which has no subject.' })
  subject?: string | null;

  @Field({ description: 'Liquid.' })
  body!: string;

  @Field(() => String, { nullable: true, description: 'Who wrote it.' })
  createdBy?: string | null;

  @Field(() => DateTime, { description: 'When it was written.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const TemplateConnection = connectionOf(Template, 'Template', 'templates');

@InputType({ description: 'A template to keep.' })
export class CreateTemplateInput {
  @Field({ description: 'Unique; 200 characters at most.' })
  name!: string;

  @Field(() => Channel, { defaultValue: Channel.EMAIL, description: 'What it is written for.' })
  channel!: Channel;

  @Field(() => String, { nullable: true, description: 'Liquid; for mails, and only for them.' })
  subject?: string | null;

  @Field({ description: 'Liquid.' })
  body!: string;
}

@InputType({ description: 'Changes of a template; what is absent stays.' })
export class UpdateTemplateInput {
  @Field(() => ID, { description: 'The template.' })
  id!: string;

  @Field(() => DateTime, { description: 'As it was read; another change since then answers STALE.' })
  updatedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Unique; 200 characters at most.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid; mails only.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'Liquid.' })
  body?: string | null;
}

@InputType({ description: 'The template that goes.' })
export class DeleteTemplateInput {
  @Field(() => ID, { description: 'The template; drafts that were made from it stay.' })
  id!: string;
}

@ObjectType({ description: 'What became of a template.', simpleResolvers: true })
export class TemplatePayload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
