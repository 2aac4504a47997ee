import { Field, Int, ObjectType, type ClassType } from 'type-graphql';

@ObjectType({ description: 'Where a page lies in its list.', simpleResolvers: true })
export class PageInfo {
  @Field({ description: 'Whether something follows the last edge.' })
  hasNextPage!: boolean;

  @Field({ description: 'Whether something precedes the first edge.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge; null on an empty page.' })
  startCursor?: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge; null on an empty page.' })
  endCursor?: string | null;
}

/**
 * The Relay connection of a node type: `NameEdge` and `NameConnection`.
 *
 * @param plural what the list holds, for the descriptions
 */
export function connectionOf<T extends object>(node: ClassType<T>, name: string, plural: string): ClassType {
  @ObjectType(`${name}Edge`, { description: `One of the ${plural} with its place in the list.`, simpleResolvers: true })
  class Edge {
    @Field({ description: 'Opaque; bound to the order of the list it came from.' })
    cursor!: string;

    @Field(() => node, { description: 'What the edge leads to.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.`, simpleResolvers: true })
  class Connection {
    @Field(() => [Edge], { description: `The ${plural} of this page with their cursors.` })
    edges!: Edge[];

    @Field(() => [node], { description: `The ${plural} of this page.` })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { nullable: true, description: 'How many there are on all pages, in the snapshot of the rows; null when it could not be counted, never a guess.' })
    totalCount?: number | null;
  }
  return Connection;
}
