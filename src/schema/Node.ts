import { Field, ID, InterfaceType } from 'type-graphql';

/** `resolveType` reads `__typename` from the row; src/app/buildSchema.ts sets it, because type-graphql's is asynchronous. */
@InterfaceType({ description: 'Something with a global id that `node` finds again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and global.' })
  id!: string;
}
