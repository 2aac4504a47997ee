import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gql as apolloGql, type TypedDocumentNode } from '@apollo/client';
import { gql } from 'urql';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { outreachOf } from '../support/outreach.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { createApolloClient } from './clients/apolloClient.ts';
import { createUrqlClient } from './clients/urqlClient.ts';

const pageQuery = `query Page($after: String) {
  prospects(first: 2, after: $after, orderBy: { field: DISPLAY_NAME, direction: ASC }) {
    edges { cursor node { id displayName reviewStatus } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const brokenQuery = 'query Broken { prospects(after: "no cursor") { totalCount } viewer { name role } }';
const approval = `mutation Approve($ids: [ID!]!) {
  reviewProspects(input: { ids: $ids, decision: APPROVE }) { prospects { id reviewStatus } userErrors { code message field } }
}`;
const progress = 'subscription Progress($id: ID!) { jobProgress(id: $id) { status processed totalTargets } }';

interface Page {
  prospects: { edges: { node: { id: string; displayName: string; reviewStatus: string } }[]; pageInfo: { endCursor: string } };
}

let api: Api;
let worker: Worker;
let job = '';

beforeAll(async () => {
  api = await startApi();
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach: outreachOf() });
  const data = ['displayName,profileUrl', ...['a', 'b', 'c', 'd', 'e'].map((name) => `${name},https://example.org/${name}`)].join('\n');
  const answer = await api.ask('mutation ($data: String!) { importProspects(input: { format: CSV, data: $data }) { job { id } } }', { data });
  job = answer.data.importProspects.job.id;
});

afterAll(async () => {
  await worker.stop();
  await api.stop();
});

const names = (page: Page | undefined) => page?.prospects.edges.map(({ node }) => node.displayName);
const url = () => `${api.url}graphql`;

describe('Apollo Client', () => {
  const open = () => createApolloClient(url(), adminToken);

  test('reads the next page into the same list', async () => {
    const client = open();
    const query: TypedDocumentNode<Page> = apolloGql(pageQuery);
    const { data } = await client.query({ query });
    expect(names(data as Page)).toEqual(['a', 'b']);
    await client.watchQuery({ query }).fetchMore({ variables: { after: (data as Page).prospects.pageInfo.endCursor } });
    expect(names(client.readQuery({ query }) ?? undefined)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('shows everywhere what a mutation has changed, by its id', async () => {
    const client = open();
    const query: TypedDocumentNode<Page> = apolloGql(pageQuery);
    const { data } = await client.query({ query });
    const { id } = (data as Page).prospects.edges[0]!.node;
    await client.mutate({ mutation: apolloGql(approval), variables: { ids: [id] } });
    const cached = client.readQuery({ query });
    expect(cached?.prospects.edges[0]?.node).toMatchObject({ id, reviewStatus: 'APPROVED' });
  });

  test('keeps what is good of an answer with an error', async () => {
    const { data, error } = await open().query({ query: apolloGql(brokenQuery) });
    expect(data).toMatchObject({ prospects: null, viewer: { role: 'ADMIN' } });
    expect(error?.message).toMatch(/cursor/);
  });

  test('follows a job over WebSocket', async () => {
    const event = await new Promise((resolve, reject) => {
      open().subscribe({ query: apolloGql(progress), variables: { id: job } }).subscribe({ next: ({ data }) => resolve(data), error: reject });
    });
    expect(event).toMatchObject({ jobProgress: { status: 'SUCCEEDED', processed: 5 } });
  });
});

describe('urql', () => {
  const open = () => createUrqlClient(url(), adminToken);

  test('reads the next page into the same list', async () => {
    const client = open();
    const first = await client.query<Page>(gql(pageQuery), {}).toPromise();
    expect(names(first.data)).toEqual(['a', 'b']);
    const second = await client.query<Page>(gql(pageQuery), { after: first.data!.prospects.pageInfo.endCursor }).toPromise();
    expect(names(second.data)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('shows everywhere what a mutation has changed, by its id', async () => {
    const client = open();
    const { data } = await client.query<Page>(gql(pageQuery), {}).toPromise();
    const { id } = data!.prospects.edges[1]!.node;
    await client.mutation(gql(approval), { ids: [id] }).toPromise();
    expect(client.readQuery<Page>(gql(pageQuery), {})?.data?.prospects.edges[1]?.node).toMatchObject({ id, reviewStatus: 'APPROVED' });
  });

  test('keeps what is good of an answer with an error', async () => {
    const { data, error } = await open().query<{ prospects: null; viewer: object }>(gql(brokenQuery), {}).toPromise();
    expect(data).toMatchObject({ prospects: null, viewer: { role: 'ADMIN' } });
    expect(error?.message).toMatch(/cursor/);
  });

  test('follows a job over WebSocket', async () => {
    const event = await new Promise((resolve) => {
      open().subscription(gql(progress), { id: job }).subscribe(resolve);
    });
    expect(event).toMatchObject({ data: { jobProgress: { status: 'SUCCEEDED', processed: 5 } } });
  });
});

test.each(['apolloClient', 'urqlClient', 'codegen'])('the page shows %s.ts as it is', (name) => {
  const page = readFileSync('docs/front-end/clients.md', 'utf8');
  expect(page).toContain(`\`\`\`ts\n${readFileSync(join(import.meta.dirname, `clients/${name}.ts`), 'utf8')}\`\`\``);
});
