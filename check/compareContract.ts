import {
  buildASTSchema,
  buildSchema,
  findBreakingChanges,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

export interface ContractComparison {
  /** What the schema takes away from the contract or changes in it; open coordinates are not counted. */
  breaches: string[];
  /** Open coordinates that the schema has by now: they have to leave the list of open ones. */
  built: string[];
  /** Open coordinates that the contract does not know. */
  unknown: string[];
}

/**
 * Compares an emitted schema with the contract, defaults of arguments and input fields included.
 *
 * @param open schema coordinates (`Type`, `Type.field`) of the contract that are not built yet
 */
export function compareContract(contract: string, schema: string, open: readonly string[]): ContractComparison {
  const document = parse(contract);
  const promised = buildASTSchema(without(document, new Set(open)));
  const emitted = buildSchema(schema);
  const there = defaults(emitted);
  const known = coordinates(document);
  const emittedCoordinates = coordinates(parse(schema));
  return {
    breaches: [
      ...findBreakingChanges(promised, emitted).map(({ type, description }) => `${type}: ${description}`),
      ...[...defaults(promised)]
        .filter(([coordinate, value]) => there.has(coordinate) && there.get(coordinate) !== value)
        .map(([coordinate, value]) => `DEFAULT_CHANGED: ${coordinate} is ${there.get(coordinate)}, not ${value}.`),
    ],
    built: open.filter((coordinate) => emittedCoordinates.has(coordinate)),
    unknown: open.filter((coordinate) => !known.has(coordinate)),
  };
}

function without(document: DocumentNode, open: ReadonlySet<string>): DocumentNode {
  return visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      const coordinate = coordinateOf(node, ancestors);
      return coordinate && open.has(coordinate) ? null : undefined;
    },
  });
}

function coordinates(document: DocumentNode): Set<string> {
  const found = new Set<string>();
  visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      const coordinate = coordinateOf(node, ancestors);
      if (coordinate) found.add(coordinate);
    },
  });
  return found;
}

function coordinateOf(node: ASTNode, ancestors: readonly (ASTNode | readonly ASTNode[])[]): string | undefined {
  switch (node.kind) {
    case 'ObjectTypeDefinition':
    case 'InterfaceTypeDefinition':
    case 'InputObjectTypeDefinition':
    case 'EnumTypeDefinition':
    case 'UnionTypeDefinition':
    case 'ScalarTypeDefinition':
      return node.name.value;
    case 'FieldDefinition':
    case 'InputValueDefinition':
    case 'EnumValueDefinition': {
      const owner = ancestors.findLast((ancestor): ancestor is ASTNode => 'kind' in ancestor);
      const type = owner && coordinateOf(owner, []);
      return type && `${type}.${node.name.value}`;
    }
    default:
      return undefined;
  }
}

/** Every argument and input field with its default as JSON; graphql-js leaves those of input fields uncompared. */
function defaults(schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const note = (coordinate: string, value: unknown) => found.set(coordinate, JSON.stringify(value) ?? 'without a default');
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field.defaultValue);
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        for (const argument of field.args) note(`${type.name}.${field.name}(${argument.name}:)`, argument.defaultValue);
      }
    }
  }
  return found;
}
