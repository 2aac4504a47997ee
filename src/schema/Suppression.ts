import { Field, ObjectType } from 'type-graphql';
import { SuppressionKind } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { describeEnum } from './enums.ts';
import { Node } from './Node.ts';

describeEnum(SuppressionKind, 'SuppressionKind', 'What is suppressed; more values may be added.', {
  EMAIL: 'One e-mail address.',
  DOMAIN: 'A domain: every address at it and below it, and the websites on it.',
  HANDLE: 'One profile or page.',
});

@ObjectType({ implements: Node, description: 'Somebody who must not be contacted. Only a keyed hash of them is kept.', simpleResolvers: true })
export class Suppression extends Node {
  @Field(() => SuppressionKind, { description: 'What is suppressed.' })
  kind!: SuppressionKind;

  @Field({ description: 'Why: unsubscribed, complained, erased, or what a person wrote.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'Who did it; recipient where it was the person.' })
  createdBy?: string | null;

  @Field(() => DateTime, { description: 'Since when.' })
  createdAt!: Date;
}

export const SuppressionConnection = connectionOf(Suppression, 'Suppression', 'suppressions');
