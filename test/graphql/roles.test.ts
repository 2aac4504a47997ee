import { expect, test } from '@jest/globals';
import { extendSchema, parse } from 'graphql';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { checkRoles, includes, requireRole } from '../../src/app/roles.ts';
import { Role } from '../../src/domain/enums.ts';

test.each(['Query', 'Mutation', 'Subscription'])('a new field of %s without a role stops the build', (type) => {
  const schema = extendSchema(buildSchema(), parse(`extend type ${type} { unruled: Int }`));
  expect(() => checkRoles(schema)).toThrow('unruled');
});

test('a field without a rule is for nobody', () => {
  expect(() => requireRole(Role.ADMIN, 'Query', 'unruled')).toThrow(expect.objectContaining({ extensions: { code: 'FORBIDDEN' } }));
});

test('a role includes those below it, and none above', () => {
  expect(includes(Role.ADMIN, Role.VIEWER)).toBe(true);
  expect(includes(Role.OPERATOR, Role.OPERATOR)).toBe(true);
  expect(includes(Role.VIEWER, Role.OPERATOR)).toBe(false);
});
