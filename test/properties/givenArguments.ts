import fc, { type Arbitrary } from 'fast-check';
import { getNamedType, isEnumType, isInputObjectType, isListType, type GraphQLArgument, type GraphQLInputField, type GraphQLInputType } from 'graphql';
import { hostileOf } from './hostile.ts';
import { entityOf, isRequired, nullable, type Operation, type Place } from './places.ts';

/** Global ids that there are, by type. */
export type Ids = ReadonlyMap<string, readonly string[]>;

/** What is given without hostility, so that the rest of an input is taken and the hostile part is reached. */
const usual: Readonly<Record<string, Arbitrary<unknown>>> = {
  String: fc.constantFrom('Ada', 'chess', 'all'),
  ID: fc.constant('nothing'),
  Int: fc.constantFrom(0, 1, 2, 10),
  Float: fc.constantFrom(0, 1.5),
  Boolean: fc.boolean(),
  DateTime: fc.constantFrom('2030-01-01T00:00:00.000Z', '2025-06-01T12:00:00Z'),
  URL: fc.integer({ min: 1, max: 1e9 }).map((number) => `https://example.org/${number}`),
  EmailAddress: fc.integer({ min: 1, max: 1e9 }).map((number) => `n${number}@example.org`),
  JSON: fc.constantFrom(null, {}),
};

/** Texts of which not any word will do. */
const usualTexts: Readonly<Record<string, Arbitrary<unknown>>> = {
  from: fc.constant('09:00'), to: fc.constant('17:00'), timeZone: fc.constant('Europe/Berlin'), domain: fc.constant('example.net'),
  after: fc.constant(null), before: fc.constant(null), idempotencyKey: fc.uuid(), name: fc.uuid(),
  body: fc.uuid().map((id) => `Hello {{ displayName }}, ${id}`), bodyTemplate: fc.constant('Hello {{ displayName }}'), query: fc.constantFrom('https://example.org', 'chess'),
  data: fc.uuid().map((id) => `name,url\nAda,https://example.org/${id}\n`),
};

/** Arguments of the operation with something hostile at one place, which is always given; in one case of five at every place. */
export function givenArguments(operation: Operation, ids: Ids): Arbitrary<{ args: Record<string, unknown>; place: Place }> {
  return fc.tuple(fc.constantFrom(...operation.places), fc.nat({ max: 4 })).chain(([place, mode]) =>
    objectOf(operation.field.args, place.path, { operation, ids, isAllHostile: mode === 0 }).map((args) => ({ args, place })));
}

interface Making {
  operation: Operation;
  ids: Ids;
  isAllHostile: boolean;
}

/** @param path what is left of the path to the hostile place; null beside it */
function objectOf(fields: readonly (GraphQLArgument | GraphQLInputField)[], path: readonly string[] | null, making: Making): Arbitrary<Record<string, unknown>> {
  const entries = fields.map((field) => {
    const isOnPath = path?.[0] === field.name;
    const value = isOnPath ? valueOf(field.type, field.name, path.slice(1), making) : valueOf(field.type, field.name, null, making);
    return value.chain((one) => (isOnPath || isRequired(field) ? fc.constant([[field.name, one]]) : fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant([[field.name, one]]) })));
  });
  return fc.tuple(...entries).map((all) => Object.fromEntries(all.flat()) as Record<string, unknown>);
}

function valueOf(type: GraphQLInputType, name: string, path: readonly string[] | null, making: Making): Arbitrary<unknown> {
  const given = nullable(type);
  if (isListType(given)) {
    const item = valueOf(given.ofType, name, path, making);
    const few = fc.array(item, { minLength: 1, maxLength: 3 });
    return path === null ? few : fc.oneof({ weight: 8, arbitrary: few }, { weight: 1, arbitrary: item.filter(isShort).map((one) => Array.from({ length: 1_001 }, () => one)) });
  }
  if (isInputObjectType(given)) return objectOf(Object.values(given.getFields()), path, making);
  if (isEnumType(given)) return fc.constantFrom(...given.getValues().map(({ name }) => name));
  const scalar = getNamedType(given).name;
  const plain = scalar === 'ID' ? idOf(name, making) : (scalar === 'String' && usualTexts[name]) || usual[scalar]!;
  if (scalar === 'Boolean' || (path === null && !making.isAllHostile)) return plain;
  const hostile = hostileOf[scalar];
  if (!hostile) throw new Error(`Say in hostile.ts what is hostile of the scalar ${scalar}.`);
  return fc.oneof({ weight: path === null ? 2 : 8, arbitrary: hostile }, { weight: 1, arbitrary: plain });
}

/** So that a thousand of them are no request that is refused for its size. */
const isShort = (value: unknown) => JSON.stringify(value).length < 100;

/** Mostly of the type that the name tells: `prospectId`, or `id` of what the mutation answers. */
function idOf(name: string, { operation, ids }: Making): Arbitrary<unknown> {
  const named = /^(.+?)Ids?$/.exec(name)?.[1];
  const type = named ? `${named[0]!.toUpperCase()}${named.slice(1)}` : /^ids?$/.test(name) ? typeOf(operation) : null;
  const own = (type && ids.get(type)) || [];
  const all = [...ids.values()].flat();
  return own.length === 0 ? fc.constantFrom(...all) : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: fc.constantFrom(...all) });
}

function typeOf(operation: Operation): string {
  if (operation.field.name.endsWith('Prospects')) return 'Prospect';
  if (operation.field.name.endsWith('Drafts')) return 'Draft';
  const deleted = /^(?:delete|revoke|update)(.+)$/.exec(operation.field.name)?.[1];
  // Of progress the job is told, and of other subscriptions what they answer.
  if (operation.field.name === 'jobProgress') return 'Job';
  return entityOf(operation)?.type ?? deleted ?? getNamedType(operation.field.type).name;
}
