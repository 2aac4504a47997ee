import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';

/** More than any mapping or filter has; whoever walks through a value may do so level by level. */
const deepest = 64;

/** Level by level, so that no depth is too much for the look itself. */
function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
  return false;
}

function bounded(value: unknown): unknown {
  if (isDeep(value)) throw new GraphQLError(`JSON may be nested ${deepest} levels deep at most.`);
  return value;
}

export const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: bounded,
  parseLiteral: (node, variables) => bounded(valueFromASTUntyped(node, variables)),
});
