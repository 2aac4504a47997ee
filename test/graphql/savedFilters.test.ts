import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { seed, startApi, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await seed(api, 10);
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate saved_filters'));

const filter = {
  stage: ['DISCOVERED'], sourcePlatform: ['WEBSITE', 'GITHUB'], tags: ['all'], hasEmail: true, minFollowers: 1, search: 'name',
  createdAfter: '2025-01-01T00:00:00.000Z', jobId: toGlobalId('Job', '01900000-0000-7000-8000-000000000001'),
};

async function save(input: object): Promise<any> {
  const { data, errors } = await api.ask(
    `mutation ($input: SaveFilterInput!) { saveFilter(input: $input) { savedFilter { id name filter createdBy } userErrors { code field target } } }`, { input });
  return errors ? { errors } : data.saveFilter;
}

test('a filter comes back as it was given, and filters', async () => {
  const { savedFilter } = await save({ name: 'Mine', filter });
  expect(savedFilter).toEqual({ id: expect.any(String), name: 'Mine', filter, createdBy: 'admin' });

  const usable = (await save({ name: 'All', filter: { tag: 'all', stage: null } })).savedFilter;
  expect(usable.filter).toEqual({ tag: 'all' });
  const { data } = await api.ask('query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } savedFilters { nodes { name } } }', { filter: usable.filter });
  expect(data).toEqual({ prospects: { totalCount: 10 }, savedFilters: { nodes: [{ name: 'All' }, { name: 'Mine' }] } });
});

test('a name is overwritten only when that was asked for', async () => {
  const { savedFilter } = await save({ name: 'Mine', filter });
  expect((await save({ name: 'Mine', filter: {} })).userErrors).toEqual([{ code: 'CONFLICT', field: ['input', 'name'], target: savedFilter.id }]);
  expect((await save({ name: 'Mine', filter: { hasEmail: false }, replace: true })).savedFilter).toMatchObject({ id: savedFilter.id, filter: { hasEmail: false } });
});

test('what is no ProspectFilter is refused', async () => {
  expect((await save({ name: 'x', filter: { stage: ['NOWHERE'] } })).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect((await save({ name: 'x', filter: { colour: 'blue' } })).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect((await save({ name: 'x', filter: { jobId: 'no id' } })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'filter'] }]);
  expect((await save({ name: '', filter: {} })).userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'name'] }]);
  expect(await api.sql('select * from saved_filters')).toEqual([]);
});

test('a deleted filter is gone', async () => {
  const { savedFilter } = await save({ name: 'Mine', filter });
  const remove = async () => (await api.ask('mutation ($input: DeleteSavedFilterInput!) { deleteSavedFilter(input: $input) { userErrors { code } } }', { input: { id: savedFilter.id } })).data.deleteSavedFilter.userErrors;

  expect(await remove()).toEqual([]);
  expect(await remove()).toEqual([{ code: 'NOT_FOUND' }]);
});
