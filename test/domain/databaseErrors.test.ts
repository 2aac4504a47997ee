import { databaseFailure, isSchemaFailure, isTransient, lostRace, waitedInVain } from '../../src/domain/databaseErrors.ts';
import { OutriderError } from '../../src/domain/errors.ts';

const withCode = (code: string) => Object.assign(new Error('as the driver says it'), { code });

test.each([
  ['nothing listens', 'ECONNREFUSED', 'unavailable', { transient: true }],
  ['the server shuts down', '57P01', 'unavailable', { transient: true }],
  ['the session waited in a transaction for too long', '25P03', 'unavailable', { transient: true }],
  ['the login is refused', '28P01', 'unavailable', {}],
  ['nothing may be written now', '25006', 'read-only', { transient: true }],
  ['a table is not there', '42P01', 'schema', { schema: true }],
  ['a right is missing', '42501', 'schema', { schema: true }],
  ['a value is none of the type', '22P02', 'schema', { schema: true }],
  ['a column needs a value', '23502', 'schema', { schema: true }],
  ['a key is there already', '23505', 'schema', {}],
  ['a number is too large', '22003', 'schema', {}],
  ['a character cannot be kept', '22021', 'text', {}],
  ['a deadlock', '40P01', 'race', { transient: true, race: true }],
  ['a lock is held', '55P03', 'timeout', { transient: true, race: true }],
  ['a statement took too long', '57014', 'timeout', { transient: true }],
  ['the disk is full', '53100', 'disk-full', { transient: true }],
  ['the memory is used up', '53200', 'exhausted', { transient: true }],
  ['no connection is left', '53300', 'unavailable', { transient: true }],
  ['two would have to come one after the other', '40001', 'race', { transient: true, race: true }],
  ['an error that nobody expects', 'XX000', null, {}],
] as const)('%s (%s) is %s for a request', (_what, code, failure, { schema = false, transient = false, race = false }: { schema?: boolean; transient?: boolean; race?: boolean }) => {
  for (const error of [withCode(code), new Error('what was tried', { cause: withCode(code) })]) {
    expect({ failure: databaseFailure(error), schema: isSchemaFailure(error), transient: isTransient(error), race: lostRace(error) }).toEqual({ failure, schema, transient, race });
  }
});

test('an error without a code is known by what the driver says', () => {
  const error = new Error('Connection terminated unexpectedly');
  expect({ failure: databaseFailure(error), transient: isTransient(error) }).toEqual({ failure: 'unavailable', transient: true });
});

test('rows that this version does not know are a matter of the schema', () => {
  expect(isSchemaFailure(new OutriderError('DATA_INTEGRITY', 'Prospects are in stages that this version does not know.'))).toBe(true);
});

test('what was waited for in vain is told from what failed at once, through the error of GraphQL around it', () => {
  const late = withCode('57014');
  expect(waitedInVain(Object.assign(new Error('in GraphQL'), { originalError: late }))).toBe(late);
  expect(waitedInVain(withCode('ECONNREFUSED'))).toBeNull();
});
