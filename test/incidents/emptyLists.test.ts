import { incident, type Incident } from './support.ts';

/** Incident: `total > 0` and no rows. An error was caught and turned into an empty list. */
let state: Incident;
afterEach(() => state.end());

const breaks: [what: string, statement: string, query: string][] = [
  ['a column of the list is missing', 'alter table prospects drop column bio_text cascade', '{ list: prospects(first: 5) { totalCount nodes { id bioText } } }'],
  ['the table of the list is missing', 'drop table social_profiles cascade', '{ list: socialProfiles(first: 5) { totalCount nodes { id } } }'],
  ['the column of the order is missing', 'alter table jobs drop column finished_at cascade', '{ list: jobs(first: 5, orderBy: { field: FINISHED_AT, direction: DESC }) { totalCount nodes { id } } }'],
  ['the table was renamed', 'alter table email_drafts rename to drafts_old', '{ list: drafts(first: 5) { totalCount nodes { id } } }'],
  ['row security hides every row', 'alter table prospects enable row level security', '{ list: prospects(first: 5) { totalCount nodes { id } } }'],
];

test.each(breaks)('when %s, the list is an error and not empty', async (_, statement, query) => {
  state = await incident([statement]);
  const server = await state.serve();
  const { data, errors } = await server.ask(query);

  expect(errors?.[0]?.extensions.code).toBe('SCHEMA_NOT_READY');
  expect(data?.list ?? null).toBeNull();
});

test('when the rows of an edge cannot be read, the edge is an error and the list has its rows', async () => {
  state = await incident(['drop table social_profiles cascade']);
  const server = await state.serve();
  const { data, errors } = await server.ask('{ prospects(first: 3) { totalCount nodes { id socialProfiles { id } } } }');

  expect(errors?.[0]).toMatchObject({ path: expect.arrayContaining(['socialProfiles']), extensions: { code: 'SCHEMA_NOT_READY' } });
  expect(data.prospects).toEqual({ totalCount: 10, nodes: Array.from({ length: 3 }, () => ({ id: expect.any(String), socialProfiles: null })) });
});
