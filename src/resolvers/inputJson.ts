import { isInputObjectType, isLeafType, isListType, isNonNullType, type GraphQLInputType, type GraphQLSchema } from 'graphql';

/** What a caller gave for an input type, as JSON in the API's spelling, so that it can be given again. Nulls are left out. */
export function toInputJson(schema: GraphQLSchema, type: string, value: object): { [field: string]: unknown } {
  const input = schema.getType(type);
  if (!isInputObjectType(input)) throw new Error(`${type} is no input type.`);
  return spell(input, value) as { [field: string]: unknown };
}

function spell(type: GraphQLInputType, value: unknown): unknown {
  if (isNonNullType(type)) return spell(type.ofType, value);
  if (isListType(type)) return (value as unknown[]).map((item) => spell(type.ofType, item));
  if (isLeafType(type)) return type.serialize(value);
  const given = Object.values(type.getFields()).flatMap((field) => {
    const inner = (value as Record<string, unknown>)[field.name];
    return inner == null ? [] : [[field.name, spell(field.type, inner)]];
  });
  return Object.fromEntries(given);
}
