import {
  getNamedType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isObjectType,
  type GraphQLArgument, type GraphQLField, type GraphQLInputField, type GraphQLInputType, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql';

/** A field with arguments: one of a root type, or one below a node, which is reached by its id. */
export interface Operation {
  /** such as Mutation.suppress or Job.failures */
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  field: GraphQLField<unknown, unknown>;
  /** the node's type; null for root fields */
  below: string | null;
  /** every text, number, date or JSON that may be given, by its path in the arguments */
  places: readonly Place[];
}

export interface Place {
  path: readonly string[];
  /** a scalar's name */
  type: string;
}

/** What in the schema takes outside values: nothing is listed by hand, so that a new field is found by itself. */
export function operationsOf(schema: GraphQLSchema): Operation[] {
  const roots = (['query', 'mutation'] as const).flatMap((kind) => {
    const root = kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
    return Object.values(root.getFields()).map((field) => ({ name: `${root.name}.${field.name}`, kind, field, below: null }));
  });
  const nodes = Object.values(schema.getTypeMap()).filter(isObjectType).filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
  const below = nodes.flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, kind: 'query' as const, field, below: type.name })));
  return withPlaces([...roots, ...below]);
}

/** The same of subscriptions, which are asked over a socket. */
export function subscriptionsOf(schema: GraphQLSchema): Operation[] {
  const fields = Object.values(schema.getSubscriptionType()!.getFields());
  return withPlaces(fields.map((field) => ({ name: `Subscription.${field.name}`, kind: 'subscription', field, below: null })));
}

function withPlaces(operations: readonly Omit<Operation, 'places'>[]): Operation[] {
  return operations.map((one) => ({ ...one, places: one.field.args.flatMap((argument) => placesOf(argument, [])) })).filter(({ places }) => places.length > 0);
}

function placesOf({ name, type }: GraphQLArgument | GraphQLInputField, above: readonly string[]): Place[] {
  const path = [...above, name];
  const named = getNamedType(type);
  if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => placesOf(field, path));
  // Of these GraphQL knows every value.
  return isEnumType(named) || named.name === 'Boolean' ? [] : [{ path, type: named.name }];
}

/** A document whose variables are the field's arguments, and which reads what is written below them, two levels deep. */
export function documentOf({ kind, field, below }: Operation): string {
  const variables = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = `${field.name}(${given}) ${selectionOf(field.type, 3)}`;
  return below === null ? `${kind} (${variables}) { ${call} }` : `query ($node: ID!, ${variables}) { node(id: $node) { ... on ${below} { ${call} } } }`;
}

/** What needs no argument; of lists the nodes and no edges. */
export function selectionOf(output: GraphQLOutputType, depth: number): string {
  const type = getNamedType(output);
  if (isLeafType(type)) return '';
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const inner = fields.flatMap((field) => {
    if (field.args.length > 0 || field.name === 'edges') return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    const below = depth > 1 && !isDear(field.name) ? selectionOf(field.type, isConnectionOrPayload(type.name) ? depth - 1 : 1) : '';
    return below === '' || below === '{ __typename }' ? [] : [`${field.name} ${below}`];
  });
  return `{ ${['__typename', ...new Set(inner)].join(' ')} }`;
}

const isConnectionOrPayload = (name: string) => /(Connection|Payload|Preview)$/.test(name);
/** Counted or looked up outside anew for each row. */
const isDear = (name: string) => /^(senders|throughput|health)$/.test(name);

/** The node that a mutation answers: its field in the payload, and its type. */
export function entityOf({ field, kind }: Operation): { field: string; type: string } | null {
  const payload = getNamedType(field.type);
  if (kind !== 'mutation' || !isObjectType(payload)) return null;
  for (const inner of Object.values(payload.getFields())) {
    const type = isListType(inner.type) ? null : getNamedType(inner.type);
    if (isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')) return { field: inner.name, type: type.name };
  }
  return null;
}

/** The type without its NonNull. */
export const nullable = (type: GraphQLInputType): GraphQLInputType => (isNonNullType(type) ? type.ofType : type);

export const isRequired = ({ type, defaultValue }: GraphQLArgument | GraphQLInputField): boolean => isNonNullType(type) && defaultValue === undefined;

