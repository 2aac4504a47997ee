import {
  defaultFieldResolver, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isListType, isNonNullType, isObjectType,
  type GraphQLInputType, type GraphQLNamedOutputType, type GraphQLObjectType, type GraphQLResolveInfo,
} from 'graphql';
import { fromGlobalId } from '../domain/globalId.ts';
import { Selection } from '../queries/selection.ts';
import { insteadOf } from './touches/touches.ts';

export type Args = Readonly<Record<string, unknown>>;

/**
 * How far below a field its coordinates are gathered: what its own statement reads (`row`), that and the edges that leave
 * from there (`edges`), or all that is asked (`all`).
 */
export type Depth = 'row' | 'edges' | 'all';

/** The schema coordinates that the field of this request needs: itself, what is asked below it, and what it is given. */
export function coordinatesOf(args: Args, info: GraphQLResolveInfo, depth: Depth): string[] {
  const given = inputCoordinates(args, info);
  const replaced = new Set(given.flatMap((coordinate) => insteadOf[coordinate] ?? []));
  return [...outputCoordinates(args, info, depth), ...given].filter((coordinate) => !replaced.has(coordinate));
}

function outputCoordinates(args: Args, info: GraphQLResolveInfo, depth: Depth): string[] {
  const found = new Set([`${info.parentType.name}.${info.fieldName}`]);
  const visit = (type: GraphQLObjectType, selection: Selection, level: number): void => {
    for (const [name, below] of level > maximumDepth ? [] : selection.fields(type.name)) {
      const field = type.getFields()[name];
      if (!field) continue;
      const isEdge = field.resolve !== undefined && field.resolve !== defaultFieldResolver;
      if (isEdge && depth === 'row') continue;
      found.add(`${type.name}.${name}`);
      const next = getNamedType(field.type);
      if (isObjectType(next) && (!isEdge || depth === 'all')) visit(next, below, level + 1);
    }
  };
  const selection = new Selection(info);
  for (const type of typesOf(getNamedType(info.returnType), args, info)) visit(type, selection, 0);
  nodeTypesOf(args, info).forEach((type) => found.add(`${type}.id`));
  return [...found];
}

const maximumDepth = 8;

function typesOf(type: GraphQLNamedOutputType, args: Args, info: GraphQLResolveInfo): GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  const asked = nodeTypesOf(args, info);
  return isInterfaceType(type) ? info.schema.getPossibleTypes(type).filter(({ name }) => asked.includes(name)) : [];
}

/** The types of the ids that a field is given which answers any type. */
function nodeTypesOf({ id, ids }: Args, { returnType }: GraphQLResolveInfo): string[] {
  if (!isInterfaceType(getNamedType(returnType))) return [];
  return [id, ids].flat().flatMap((given) => (typeof given === 'string' ? (fromGlobalId(given)?.type ?? []) : []));
}

/** Such as `ProspectFilter.search` and `ProspectOrderField.DISPLAY_NAME`; what stands at its default is as if not given. */
function inputCoordinates(args: Args, { parentType, fieldName }: GraphQLResolveInfo): string[] {
  const given = parentType.getFields()[fieldName]?.args ?? [];
  return given.flatMap(({ name, type }) => inputsOf(type, args[name]));
}

function inputsOf(type: GraphQLInputType, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (isNonNullType(type)) return inputsOf(type.ofType, value);
  if (isListType(type)) return (Array.isArray(value) ? value : [value]).flatMap((item) => inputsOf(type.ofType, item));
  if (isEnumType(type)) return type.getValues().filter((option) => option.value === value).map((option) => `${type.name}.${option.name}`);
  if (!isInputObjectType(type)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = type.getFields()[key];
    return field && inner !== null && inner !== undefined && inner !== field.defaultValue ? [`${type.name}.${key}`, ...inputsOf(field.type, inner)] : [];
  });
}
