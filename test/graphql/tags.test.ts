import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { startApi, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.sql('truncate prospects cascade');
  await api.sql(`insert into prospects (id, canonical_key, display_name, tags) values
    ('01900000-0000-7000-8000-00000000000a', 'a.example.org', 'Ada', '{old,Rust}'), ('01900000-0000-7000-8000-00000000000b', 'b.example.org', 'Bob', '{old}'),
    ('01900000-0000-7000-8000-00000000000c', 'c.example.org', 'Eve', '{}')`);
});

const [ada, bob, nobody] = ['a', 'b', 'f'].map((last) => toGlobalId('Prospect', `01900000-0000-7000-8000-00000000000${last}`)) as [string, string, string];

async function tag(input: object): Promise<any> {
  const { data, errors } = await api.ask(
    'mutation ($input: TagProspectsInput!) { tagProspects(input: $input) { changedCount failedCount failedIds prospects { displayName tags } userErrors { code message field target } } }', { input });
  expect(errors).toBeUndefined();
  return data.tagProspects;
}
const stored = async () => Object.fromEntries((await api.sql('select display_name, tags from prospects')).map((row) => [row.display_name, row.tags]));
const counts = async (args = '') => (await api.ask(`{ tags${args} { tag count } }`)).data.tags;

test('tags are added at the end and removed where they are; what has them so does not change', async () => {
  const { changedCount, prospects, userErrors } = await tag({ ids: [ada, bob], add: [' new ', 'old', 'new'], remove: ['Rust', 'absent'] });

  expect({ changedCount, userErrors }).toEqual({ changedCount: 2, userErrors: [] });
  expect(prospects).toEqual([{ displayName: 'Ada', tags: ['old', 'new'] }, { displayName: 'Bob', tags: ['old', 'new'] }]);
  expect(await stored()).toEqual({ Ada: ['old', 'new'], Bob: ['old', 'new'], Eve: [] });
  expect((await tag({ ids: [ada, bob], add: ['new'] })).changedCount).toBe(0);
  expect(await api.sql(`select action, details, count(*)::int from activities where action = 'prospect.tagged' group by 1, 2`))
    .toEqual([{ action: 'prospect.tagged', details: { added: 2, removed: 2 }, count: 2 }]);
});

test('a filter takes exactly those that were seen', async () => {
  expect((await tag({ filter: { tag: 'old' }, expectedCount: 2, add: ['seen'] })).changedCount).toBe(2);
  expect((await tag({ filter: { tag: 'old' }, expectedCount: 3, add: ['not'] })).userErrors).toMatchObject([{ code: 'STALE', field: ['input', 'expectedCount'] }]);
  expect(await stored()).toEqual({ Ada: ['old', 'Rust', 'seen'], Bob: ['old', 'seen'], Eve: [] });
});

test('an id that names nobody is told, and the others are tagged', async () => {
  expect(await tag({ ids: [nobody, ada], add: ['x'] })).toMatchObject({
    changedCount: 1, failedCount: 1, failedIds: [nobody], userErrors: [{ code: 'NOT_FOUND', field: ['input', 'ids', '0'], target: nobody }],
  });
});

test.each<[string, object, string[]]>([
  ['nothing to add or to remove', { ids: [ada] }, []],
  ['neither ids nor a filter', { add: ['x'] }, []],
  ['both ids and a filter', { ids: [ada], filter: {}, expectedCount: 1, add: ['x'] }, []],
  ['a filter without the count', { filter: {}, add: ['x'] }, ['expectedCount']],
  ['an empty tag', { ids: [ada], add: ['x', ' '] }, ['add', '1']],
  ['a tag that has no end', { ids: [ada], add: ['x'.repeat(101)] }, ['add', '0']],
  ['a tag that PostgreSQL cannot keep', { ids: [ada], add: ['a\0'] }, ['add', '0']],
  ['a tag that is both added and removed', { ids: [ada], add: ['x'], remove: ['x'] }, ['remove']],
  ['more tags than a prospect may have', { ids: [ada], add: Array.from({ length: 199 }, (_, n) => `t${n}`) }, ['add']],
])('%s is refused, and nothing changes', async (_, input, field) => {
  expect((await tag(input)).userErrors).toMatchObject([{ code: 'INVALID', field: ['input', ...field] }]);
  expect(await stored()).toEqual({ Ada: ['old', 'Rust'], Bob: ['old'], Eve: [] });
});

test('the tags are listed commonest first, and found by a part of them', async () => {
  expect(await counts()).toEqual([{ tag: 'old', count: 2 }, { tag: 'Rust', count: 1 }]);
  expect(await counts('(first: 1)')).toEqual([{ tag: 'old', count: 2 }]);
  expect(await counts('(search: "RUS")')).toEqual([{ tag: 'Rust', count: 1 }]);
  expect((await api.ask('{ tags(first: 101) { tag } }')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('two who tag the same prospects at once both have their way', async () => {
  await Promise.all(['x', 'y', 'z'].map((name) => tag({ filter: { tag: 'old' }, expectedCount: 2, add: [name] })));

  expect((await stored())['Bob'].sort()).toEqual(['old', 'x', 'y', 'z']);
});
