import { existsSync, readFileSync } from 'node:fs';
import { compareContract } from '../../check/compareContract.ts';

const contract = readFileSync('test/contract/outrider.graphql', 'utf8');
const shared = '../shared/contract/outrider.graphql';

function change(text: string, replacement: string): string {
  expect(contract).toContain(text);
  return contract.replace(text, replacement);
}

test('a schema that is the contract keeps it', () => {
  expect(compareContract(contract, contract, [])).toEqual({ breaches: [], built: [], unknown: [] });
});

test('a schema that offers more keeps the contract', () => {
  const wider = change('  viewer: Viewer\n', '  viewer: Viewer\n  version: String\n');
  expect(compareContract(contract, wider, []).breaches).toEqual([]);
});

test.each([
  ['a field is gone', '  displayName: String!\n', '', 'Prospect.displayName was removed'],
  ['a field changed its type', '  followerCount: Int\n', '  followerCount: String\n', 'Prospect.followerCount changed type'],
  ['a field became nullable', '  schemaHealth(refresh: Boolean = false): SchemaHealth!', '  schemaHealth(refresh: Boolean = false): SchemaHealth', 'Query.schemaHealth changed type'],
  ['an enum value is gone', '  COMPLETED_WITH_ERRORS\n', '', 'COMPLETED_WITH_ERRORS was removed'],
  ['an argument is gone', 'jobs(first: Int, ', 'jobs(', 'Query.jobs arg first was removed'],
  ['an argument has another default', 'refresh: Boolean = false', 'refresh: Boolean = true', 'Query.schemaHealth(refresh:) is true, not false'],
  ['an argument lost its default', 'refresh: Boolean = false', 'refresh: Boolean', 'Query.schemaHealth(refresh:) is without a default, not false'],
  ['an input field has another default', 'afterDays: Int = 4', 'afterDays: Int = 5', 'FollowUpInput.afterDays is 5, not 4'],
  ['an input field became required', '  idempotencyKey: String\n', '  idempotencyKey: String!\n', 'changed type from String to String!'],
])('the contract is broken where %s', (_what, text, replacement, breach) => {
  const { breaches } = compareContract(contract, change(text, replacement), []);
  expect(breaches).toHaveLength(1);
  expect(breaches[0]).toContain(breach);
});

test('what is listed as open may be absent, and nothing else', () => {
  const smaller = change('  viewer: Viewer\n', '');
  expect(compareContract(contract, smaller, ['Query.viewer']).breaches).toEqual([]);
  expect(compareContract(contract, smaller, []).breaches).toHaveLength(1);
});

test('what is listed as open and is built has to leave the list', () => {
  expect(compareContract(contract, contract, ['Query.viewer']).built).toEqual(['Query.viewer']);
});

test('what is listed as open has to be in the contract', () => {
  expect(compareContract(contract, contract, ['Query.viewers']).unknown).toEqual(['Query.viewers']);
});

(existsSync(shared) ? test : test.skip)('the copy of the contract is the one that front ends have', () => {
  expect(contract).toBe(readFileSync(shared, 'utf8'));
});
