import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, isListType, isNonNullType, isObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { Client } from 'pg';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { nodeTypes, toGlobalId } from '../../src/domain/globalId.ts';
import { makeFixtures } from '../graphql/gating/fixtures.ts';
import { site } from '../graphql/gating/site.ts';
import { seed, startApi, type Api } from '../graphql/support.ts';
import { addRows } from './relayRows.ts';

/** https://relay.dev/graphql/connections.htm, https://relay.dev/graphql/objectidentification.htm */

const schema = buildSchema();
const objects = Object.values(schema.getTypeMap()).filter(isObjectType).filter(({ name }) => !name.startsWith('__'));
const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');
const nodes = objects.filter(isNode);
const connections = objects.filter(({ name }) => name.endsWith('Connection'));
const typeOf = (type: GraphQLObjectType, field: string) => String(type.getFields()[field]?.type);

interface Listing {
  /** such as Query.prospects or Job.failures */
  name: string;
  parent: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  node: string;
}
const listings: Listing[] = objects.flatMap((parent) => Object.values(parent.getFields())
  .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
  .map((field) => ({ name: `${parent.name}.${field.name}`, parent, field, node: getNamedType(field.type).name.replace(/Connection$/, '') })));
const isRoot = ({ parent }: Listing) => parent === schema.getQueryType();

let api: Api;
let owner: Client;
/** ids of all rows, by type */
const ids = new Map<string, string[]>();
beforeAll(async () => {
  api = await startApi();
  await seed(api, 10);
  owner = new Client({ connectionString: api.databaseUrl });
  await owner.connect();
  await makeFixtures(owner);
  await addRows(owner);
  for (const listing of listings.filter(isRoot)) ids.set(listing.node, (await ask(listing, null, 'first: 100')).edges.map(({ node }) => node.id));
  const failures = await owner.query<{ key: string }>(`select job_id || '.' || ordinal as key from job_targets where outcome = 'failed' limit 5`);
  ids.set('JobFailure', failures.rows.map(({ key }) => toGlobalId('JobFailure', key)));
  const requests = await owner.query<{ id: string }>('select id from scraper_history limit 5');
  ids.set('ScraperRequest', requests.rows.map(({ id }) => toGlobalId('ScraperRequest', id)));
});
afterAll(async () => {
  await owner.end();
  await api.stop();
  await site.close();
});

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}
const selection = '{ edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }';

async function answer(listing: Listing, parent: string | null, args: string, variables: object = {}) {
  const list = `list: ${listing.field.name}${args === '' ? '' : `(${args})`} ${selection}`;
  const declared = Object.keys(variables).length > 0 ? '($cursor: String)' : '';
  const query = isRoot(listing) ? `query ${declared} { ${list} }` : `query ${declared} { parent: node(id: "${parent}") { ... on ${listing.parent.name} { ${list} } } }`;
  const { data, errors } = await api.ask(query, variables);
  return { page: (isRoot(listing) ? data?.list : data?.parent?.list) as Page | null, errors: errors ?? [] };
}

async function ask(listing: Listing, parent: string | null, args: string, variables: object = {}): Promise<Page> {
  const { page, errors } = await answer(listing, parent, args, variables);
  expect([listing.name, args, errors]).toEqual([listing.name, args, []]);
  return page!;
}

const idsOf = (page: Page) => page.edges.map(({ node }) => node.id);

/** The parent with the longest list, and all of that. */
async function longest(listing: Listing): Promise<{ parent: string | null; all: Page }> {
  if (isRoot(listing)) return { parent: null, all: await ask(listing, null, 'first: 100') };
  const given = ids.get(listing.parent.name)!.map((id, index) => `n${index}: node(id: "${id}") { ... on ${listing.parent.name} { id list: ${listing.field.name}(first: 0) { totalCount } } }`);
  const lengths: { id: string; list: { totalCount: number } }[] = [];
  for (let at = 0; at < given.length; at += 10) lengths.push(...Object.values((await api.ask(`{ ${given.slice(at, at + 10).join(' ')} }`)).data) as never[]);
  const parent = lengths.toSorted((a, b) => b.list.totalCount - a.list.totalCount)[0]!.id;
  return { parent, all: await ask(listing, parent, 'first: 100') };
}

describe('the schema', () => {
  test('has the connections that are tried here', () => {
    expect(listings.length).toBeGreaterThanOrEqual(22);
    expect(new Set(listings.map(({ field }) => getNamedType(field.type).name))).toEqual(new Set(connections.map(({ name }) => name)));
    expect(nodes.map(({ name }) => name).toSorted()).toEqual([...nodeTypes].toSorted());
  });

  test.each(connections)('$name has edges, nodes and where its page lies', (connection) => {
    const name = connection.name.replace(/Connection$/, '');
    expect([typeOf(connection, 'edges'), typeOf(connection, 'nodes'), typeOf(connection, 'pageInfo')]).toEqual([`[${name}Edge!]!`, `[${name}!]!`, 'PageInfo!']);
    const edge = schema.getType(`${name}Edge`) as GraphQLObjectType;
    expect([typeOf(edge, 'cursor'), typeOf(edge, 'node')]).toEqual(['String!', `${name}!`]);
    expect(isNode(schema.getType(name) as GraphQLObjectType)).toBe(true);
  });

  test('PageInfo has its four fields', () => {
    const pageInfo = schema.getType('PageInfo') as GraphQLObjectType;
    expect(Object.fromEntries(Object.values(pageInfo.getFields()).map(({ name, type }) => [name, String(type)]))).toEqual({ hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' });
  });

  test.each(listings)('$name takes first and after, last and before', ({ field }) => {
    const types = Object.fromEntries(field.args.map(({ name, type, defaultValue }) => [name, [String(type), defaultValue]]));
    expect(types).toMatchObject({ first: ['Int', undefined], after: ['String', undefined], last: ['Int', undefined], before: ['String', undefined] });
    expect(isListType(isNonNullType(field.type) ? field.type.ofType : field.type)).toBe(false);
  });

  test.each(nodes)('$name has an id: ID!', (type) => {
    expect(typeOf(type, 'id')).toBe('ID!');
  });

  test('Node, node and nodes are as they should be', () => {
    const { node, nodes: many } = schema.getQueryType()!.getFields();
    expect([String(node!.type), node!.args.map(({ name, type }) => `${name}: ${type}`)]).toEqual(['Node', ['id: ID!']]);
    expect([String(many!.type), many!.args.map(({ name, type }) => `${name}: ${type}`)]).toEqual(['[Node]!', ['ids: [ID!]!']]);
  });
});

describe.each(listings)('$name', (listing) => {
  let parent: string | null;
  let all: Page;
  beforeAll(async () => {
    ({ parent, all } = await longest(listing));
  });
  const page = (args: string, cursor?: string | null) => ask(listing, parent, args, cursor === undefined ? {} : { cursor });
  const size = () => Math.max(1, Math.floor(all.edges.length / 3));

  test('is whole where it fits on a page: each row once, with a cursor of its own, counted', () => {
    expect(all.edges.length).toBeGreaterThanOrEqual(2);
    expect(new Set(idsOf(all)).size).toBe(all.edges.length);
    expect(new Set(all.edges.map(({ cursor }) => cursor)).size).toBe(all.edges.length);
    expect(all.nodes.map(({ id }) => id)).toEqual(idsOf(all));
    expect(all).toMatchObject({ totalCount: all.edges.length, pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: all.edges[0]!.cursor, endCursor: all.edges.at(-1)!.cursor } });
  });

  test('first and after: the next pages, to the end', async () => {
    const found: string[] = [];
    for (let cursor: string | null = null; ;) {
      const next: Page = await page(`first: ${size()}, after: $cursor`, cursor);
      expect(next.edges.length).toBeGreaterThan(0);
      expect(next.pageInfo).toEqual({ hasPreviousPage: found.length > 0, hasNextPage: found.length + next.edges.length < all.edges.length, startCursor: next.edges[0]!.cursor, endCursor: next.edges.at(-1)!.cursor });
      found.push(...idsOf(next));
      cursor = next.pageInfo.endCursor;
      if (!next.pageInfo.hasNextPage) break;
    }
    expect(found).toEqual(idsOf(all));
  });

  test('last and before: the previous pages, to the beginning, each in the order of the list', async () => {
    const found: string[] = [];
    for (let cursor: string | null = null; ;) {
      const previous: Page = await page(`last: ${size()}, before: $cursor`, cursor);
      expect(previous.edges.length).toBeGreaterThan(0);
      expect(previous.pageInfo).toMatchObject({ hasNextPage: found.length > 0, hasPreviousPage: found.length + previous.edges.length < all.edges.length });
      found.unshift(...idsOf(previous));
      cursor = previous.pageInfo.startCursor;
      if (!previous.pageInfo.hasPreviousPage) break;
    }
    expect(found).toEqual(idsOf(all));
  });

  test('after the last, before the first, and none at all are empty pages', async () => {
    expect(await page('first: 5, after: $cursor', all.pageInfo.endCursor)).toMatchObject({ edges: [], totalCount: all.totalCount, pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null } });
    expect(await page('last: 5, before: $cursor', all.pageInfo.startCursor)).toMatchObject({ edges: [], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    expect((await page('first: 0')).edges).toEqual([]);
    expect((await page('last: 0')).edges).toEqual([]);
  });

  test('after with last is the end of what follows, before with first the beginning of what precedes', async () => {
    expect(idsOf(await page('last: 1, after: $cursor', all.pageInfo.startCursor))).toEqual(idsOf(all).slice(-1));
    expect(idsOf(await page('first: 1, before: $cursor', all.pageInfo.endCursor))).toEqual(idsOf(all).slice(0, 1));
  });

  test('nulls are as if they were not given', async () => {
    expect(idsOf(await page('first: null, after: null, last: null, before: null'))).toEqual(idsOf(all).slice(0, 20));
  });

  test.each([['first: 1, last: 1', 'not both'], ['first: -1', '0 and 100'], ['last: -1', '0 and 100'], ['first: 101', '0 and 100'], ['last: 101', '0 and 100'], ['first: 2147483647', '0 and 100']])('%s is refused with what may be given', async (args, message) => {
    const { page: none, errors } = await answer(listing, parent, args);
    expect([none, errors.map(({ extensions }) => extensions.code)]).toEqual([null, ['BAD_USER_INPUT']]);
    expect(errors[0]!.message).toContain(message);
  });

  test.each(['', 'nonsense', '0', 'WzFd', Buffer.from('[1,"NO:SUCH",1,"x"]').toString('base64url')])('the cursor %j is refused as none of this list', async (cursor) => {
    for (const [args, argument] of [['first: 1, after: $cursor', 'after'], ['last: 1, before: $cursor', 'before']] as const) {
      const { errors } = await answer(listing, parent, args, { cursor });
      expect(errors).toMatchObject([{ message: expect.stringMatching(new RegExp(`^${argument} is (not a cursor|a cursor of a list in another order)\\.$`)), extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });
});

describe('a cursor that was given out before others wrote', () => {
  test('leads to the same rows in the same order, and to no row twice', async () => {
    const roots = listings.filter(isRoot);
    const before = await Promise.all(roots.map((listing) => ask(listing, null, 'first: 100')));
    await addRows(owner);
    for (const [index, listing] of roots.entries()) {
      const known = before[index]!;
      const middle = Math.floor((known.edges.length - 1) / 2);
      const { cursor } = known.edges[middle]!;
      const [following, preceding] = [await ask(listing, null, 'first: 100, after: $cursor', { cursor }), await ask(listing, null, 'last: 100, before: $cursor', { cursor })];
      const old = new Set(idsOf(known));
      expect([listing.name, idsOf(following).filter((id) => old.has(id))]).toEqual([listing.name, idsOf(known).slice(middle + 1)]);
      expect([listing.name, idsOf(preceding).filter((id) => old.has(id))]).toEqual([listing.name, idsOf(known).slice(0, middle)]);
      expect(following.edges.length + preceding.edges.length + 1).toBe(following.totalCount);
      expect(following.totalCount).toBeGreaterThan(known.totalCount);
    }
  });
});

describe('node and nodes', () => {
  test.each(nodeTypes)('%s is found by its id, as what it is', async (type) => {
    const given = ids.get(type)!.slice(0, 5);
    expect(given.length).toBeGreaterThan(0);
    for (const id of given) expect((await api.ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).data).toEqual({ node: { __typename: type, id } });
    expect((await api.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids: given })).data.nodes).toEqual(given.map((id) => ({ __typename: type, id })));
  });

  test('nodes keeps the order, repeats and gaps of what it is asked for', async () => {
    const gone = toGlobalId('Prospect', '00000000-0000-7000-8000-000000000000');
    const given = [...nodeTypes.map((type) => ids.get(type)![0]!), gone, 'nonsense', '', ids.get('Job')![0]!, ids.get('Job')![0]!].toReversed();
    const { data, errors } = await api.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: given });
    expect(errors).toBeUndefined();
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual(given.map((id) => ([gone, 'nonsense', ''].includes(id) ? null : id)));
  });

  test('of no ids nodes is an empty list, and of more than a hundred an error', async () => {
    expect((await api.ask('{ nodes(ids: []) { id } }')).data).toEqual({ nodes: [] });
    const { errors } = await api.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array.from({ length: 101 }, () => 'x') });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
