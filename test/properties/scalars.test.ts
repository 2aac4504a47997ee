import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, isScalarType, isSpecifiedScalarType, Kind, type ConstObjectFieldNode, type ConstValueNode, type GraphQLScalarType } from 'graphql';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { hostileOf } from './hostile.ts';
import { seedOfRun } from './runs.ts';

const scalars = Object.values(buildSchema().getTypeMap()).filter(isScalarType).filter((type) => !isSpecifiedScalarType(type));
const runs = { seed: seedOfRun, numRuns: 1_000 };

/** What JSON gives, as it would stand in a document. */
function literalOf(value: unknown): ConstValueNode {
  if (value === null) return { kind: Kind.NULL };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'number') return { kind: /^-?\d+$/.test(String(value)) ? Kind.INT : Kind.FLOAT, value: String(value) };
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  // In loops: with map each of two thousand levels would take four frames of a stack that Jest has used half of.
  if (Array.isArray(value)) {
    const values: ConstValueNode[] = [];
    for (const item of value) values.push(literalOf(item));
    return { kind: Kind.LIST, values };
  }
  const fields: ConstObjectFieldNode[] = [];
  for (const [name, inner] of Object.entries(value as object)) fields.push({ kind: Kind.OBJECT_FIELD, name: { kind: Kind.NAME, value: name }, value: literalOf(inner) });
  return { kind: Kind.OBJECT, fields };
}

function outcome(parse: () => unknown): { value: unknown } | { refused: string } {
  try {
    return { value: parse() };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { refused: error.message };
  }
}

test('the scalars are those that there are hostile values for', () => {
  expect(scalars.map(({ name }) => name).toSorted()).toEqual(['DateTime', 'EmailAddress', 'JSON', 'URL']);
});

describe.each(scalars.map((scalar): [string, GraphQLScalarType] => [scalar.name, scalar]))('%s', (name, scalar) => {
  const hostile = hostileOf[name]!;

  test('takes a value or refuses it with a sentence, and takes from a document what it takes from a variable', () => {
    fc.assert(fc.property(hostile, (value) => {
      const given = outcome(() => scalar.parseValue(value));
      const written = outcome(() => scalar.parseLiteral(literalOf(value)));
      expect(JSON.stringify(written)).toBe(JSON.stringify(given));
      if ('refused' in given) expect(given.refused).toMatch(/^[A-Z].*\.$/);
    }), runs);
  });

  test('says what it has taken in a way that it takes again, as the same', () => {
    fc.assert(fc.property(hostile, (value) => {
      const given = outcome(() => scalar.parseValue(value));
      fc.pre('value' in given);
      const said = scalar.serialize((given as { value: unknown }).value);
      expect(scalar.parseValue(said)).toEqual((given as { value: unknown }).value);
      expect(scalar.serialize(scalar.parseValue(said))).toEqual(said);
    }), { ...runs, maxSkipsPerRun: 1_000 });
  });
});

test('a DateTime is taken in every year that PostgreSQL and RFC 3339 share, and in no other', () => {
  const dateTime = scalars.find(({ name }) => name === 'DateTime')!;
  fc.assert(fc.property(fc.date({ noInvalidDate: true, min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z') }), (date) => {
    expect(dateTime.parseValue(date.toISOString())).toEqual(date);
    expect(dateTime.serialize(date)).toBe(date.toISOString());
  }), runs);
  for (const text of ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '+010000-01-01T00:00:00Z']) {
    expect(() => dateTime.parseValue(text)).toThrow('years 1 to 9999');
  }
});

test('JSON of any depth is looked at, and refused where it is too deep', () => {
  const json = scalars.find(({ name }) => name === 'JSON')!;
  for (const text of [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`]) {
    expect(() => json.parseValue(JSON.parse(text))).toThrow('64 levels');
  }
});

test('a URL that is taken is http or https without a user, on one line', () => {
  const url = scalars.find(({ name }) => name === 'URL')!;
  fc.assert(fc.property(hostileOf['URL']!, (value) => {
    const given = outcome(() => url.parseValue(value)) as { value: string };
    fc.pre('value' in given);
    expect(given.value).toMatch(/^https?:\/\/[^/@\s]+\/[^\s\p{Cc}]*$/u);
    expect(given.value.length).toBeLessThanOrEqual(2_048);
  }), { ...runs, maxSkipsPerRun: 1_000 });
});

test('an address that is taken has one @ and nothing that a header would end with', () => {
  const emailAddress = scalars.find(({ name }) => name === 'EmailAddress')!;
  fc.assert(fc.property(hostileOf['EmailAddress']!, (value) => {
    const given = outcome(() => emailAddress.parseValue(value)) as { value: string };
    fc.pre('value' in given);
    expect(given.value).toMatch(/^[!-?A-~]{1,64}@[a-z0-9.-]+$/);
  }), { ...runs, maxSkipsPerRun: 1_000 });
});
