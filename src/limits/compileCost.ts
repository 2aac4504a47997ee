import {
  getNamedType, isCompositeType, isInterfaceType, isListType, isNonNullType, isObjectType, Kind, OperationTypeNode, typeFromAST,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLCompositeType, type GraphQLField, type GraphQLOutputType, type GraphQLSchema,
  type OperationDefinitionNode, type SelectionSetNode, type ValueNode,
} from 'graphql';

/** Points of an operation with these variables, as they are after coercion. */
export type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/** Reading a request, checking who asks, writing an answer: as much as ten objects. */
export const ofOperation = 10;
/** A transaction, on top. */
const ofMutation = 50;
/** What a page holds where none is asked for, and a list that has no pages. */
const pageSize = 20;
const listSize = 10;
/** A list that asks for more is refused by its field. */
const longestList = 1_000;
/** Lists without pages that hold more. */
const longLists: Readonly<Record<string, number>> = { 'Draft.versions': 100 };
/** Whatever a count of all rows counts: some five milliseconds of a processor. */
const ofCount = 500;
/** Fields that cost more than the object that they answer; a millisecond of a processor is a hundred points. */
const prices: Readonly<Record<string, number>> = { 'Query.previewDraft': 8_000, 'Query.pipelineStatus': ofCount, 'Query.tags': ofCount, 'Query.waitingMessages': ofCount };
/** The whole schema can be asked for by one field. */
const ofIntrospection = 2_000;

interface Run {
  variables: Readonly<Record<string, unknown>>;
  /** of fragments, by the size of the page that they are spread in */
  known: Map<FragmentDefinitionNode, Map<number, number>>;
}

/** @param page how many entries the lists of a connection have */
type Part = (run: Run, page: number) => number;

/**
 * The cost of a valid document: ten points for an operation, fifty for each field of a mutation, one for each object, as many
 * as a page asked for holds, and for each alias of a scalar, which repeats it; some fields have a price. What is selected twice counts twice. Each fragment is counted once, so that the time is that of the
 * document's length.
 */
export function compileCost(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Cost {
  const fragments = new Map(
    document.definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const compiled = new Map<FragmentDefinitionNode, Part>();
  const root = schema.getRootType(operation.operation)!;
  const each = operation.operation === OperationTypeNode.MUTATION ? ofMutation : 0;
  const selection = selectionSetPart(root, operation.selectionSet);
  return (variables) => ofOperation + selection({ variables, known: new Map() }, listSize);

  function selectionSetPart(parent: GraphQLCompositeType, { selections }: SelectionSetNode): Part {
    const parts: Part[] = [];
    let own = 0;
    for (const node of selections) {
      // Fields of the root are many where they stand in a fragment too.
      if (node.kind === Kind.FIELD && parent === root) own += each;
      if (node.kind === Kind.FRAGMENT_SPREAD) parts.push(fragmentPart(fragments.get(node.name.value)!));
      else if (node.kind === Kind.INLINE_FRAGMENT) parts.push(selectionSetPart(node.typeCondition ? (typeFromAST(schema, node.typeCondition) as GraphQLCompositeType) : parent, node.selectionSet));
      else if (node.selectionSet) parts.push(fieldPart(parent, node, node.selectionSet));
      else if (node.alias) own += 1;
    }
    return (run, page) => {
      let sum = own;
      for (const part of parts) sum += part(run, page);
      return sum;
    };
  }

  /** Compiled when it is first asked: a fragment may stand before those that it spreads. */
  function fragmentPart(fragment: FragmentDefinitionNode): Part {
    return (run, page) => {
      const known = run.known.get(fragment) ?? new Map<number, number>();
      run.known.set(fragment, known);
      let cost = known.get(page);
      if (cost === undefined) {
        let part = compiled.get(fragment);
        if (!part) compiled.set(fragment, (part = selectionSetPart(typeFromAST(schema, fragment.typeCondition) as GraphQLCompositeType, fragment.selectionSet)));
        cost = part(run, page);
        known.set(page, cost);
      }
      return cost;
    };
  }

  function fieldPart(parent: GraphQLCompositeType, node: FieldNode, selectionSet: SelectionSetNode): Part {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return () => ofIntrospection;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return () => 0;
    const inner = selectionSetPart(type, selectionSet);
    const size = sizeOf(field, node);
    const coordinate = `${parent.name}.${field.name}`;
    // Below an object few rows are counted.
    const price = prices[coordinate] ?? (parent === root && selects('totalCount', selectionSet) ? ofCount : 0);
    if (!isList(field.type)) return (run) => price + 1 + inner(run, size === null ? listSize : size(run.variables));
    const length = longLists[coordinate];
    return (run, page) => price + (size === null ? (length ?? page) : size(run.variables)) * (1 + inner(run, listSize));
  }

  /** Whether a field of this name is selected, in fragments too. */
  function selects(name: string, { selections }: SelectionSetNode, seen = new Set<string>()): boolean {
    return selections.some((node) => {
      if (node.kind === Kind.FIELD) return node.name.value === name;
      if (node.kind === Kind.INLINE_FRAGMENT) return selects(name, node.selectionSet, seen);
      const spread = node.name.value;
      if (seen.has(spread)) return false;
      seen.add(spread);
      return selects(name, fragments.get(spread)!.selectionSet, seen);
    });
  }
}

const isList = (type: GraphQLOutputType): boolean => (isNonNullType(type) ? isList(type.ofType) : isListType(type));

/** How many entries a field is asked for, by `first` or `last` or the `ids` that it is given; null where it takes none of them. */
function sizeOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Cost | null {
  const names = new Set(field.args.map(({ name }) => name));
  if (names.has('ids')) return (variables) => bounded(valueOf(node, 'ids', variables), 1);
  if (!names.has('first')) return null;
  const byDefault = field.args.find(({ name }) => name === 'first')?.defaultValue;
  const size = typeof byDefault === 'number' ? byDefault : pageSize;
  return (variables) => bounded(valueOf(node, 'first', variables) ?? valueOf(node, 'last', variables), size);
}

function bounded(value: unknown, byDefault: number): number {
  const size = Array.isArray(value) ? value.length : value;
  return typeof size === 'number' ? Math.min(Math.max(size, 1), longestList) : byDefault;
}

function valueOf(node: FieldNode, name: string, variables: Readonly<Record<string, unknown>>): unknown {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return given === undefined ? undefined : plain(given, variables);
}

function plain(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.LIST) return node.values;
  return node.kind === Kind.INT ? Number(node.value) : undefined;
}
