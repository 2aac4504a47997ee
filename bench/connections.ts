import { type BenchServer, seedProspects } from './database.ts';
import type { Figure } from './figures.ts';
import { load } from './peers/load.mjs';
import { benchToken, startOutrider, startServerUnderTest } from './serverProcess.ts';

const connections = 64;
const seconds = 60;

const page = (field: string) => JSON.stringify({ query: `{ ${field} { nodes { id displayName email profileUrl stage createdAt } pageInfo { hasNextPage } } }` });

/** 64 connections that ask as fast as they are answered, for a minute: the slowest hundredth, and no error. */
export async function benchConnections(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('connections');
  await seedProspects(url, 10_000, 0);
  const bodies = { ours: page('prospects(first: 20)'), theirs: page('allProspects(first: 20, orderBy: CREATED_AT_DESC)') };
  const outrider = await startOutrider(url, bodies.ours);
  const ours = await measure(`${outrider.url}/graphql`, bodies.ours).finally(() => outrider.stop());
  const postgraphile = await startServerUnderTest({ program: 'peers/postgraphile.mjs', environment: { DATABASE_URL: url }, path: '/graphql', body: bodies.theirs });
  const theirs = await measure(`${postgraphile.url}/graphql`, bodies.theirs).finally(() => postgraphile.stop());
  const what = `page of 20 prospects, ${connections} connections for ${seconds} s`;
  const beside = (name: string, unit: string, mine: number, other: number): Figure => ({ what: `${what}: ${name}`, unit, ours: mine, peer: 'PostGraphile 5', theirs: other, ratio: mine / other });
  return [
    { what: `${what}: errors`, unit: '', ours: ours.failed, peer: 'PostGraphile 5', theirs: theirs.failed, goal: '0', reached: ours.failed === 0 },
    beside('99th percentile', 'ms', ours.p99, theirs.p99),
    beside('requests a second', '', ours.perSecond, theirs.perSecond),
  ];
}

/** An answer counts as failed unless it is 200, in time, and as long as the right one. */
async function measure(url: string, body: string): Promise<{ p99: number; perSecond: number; failed: number }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${benchToken}` };
  const expectBody = await (await fetch(url, { method: 'POST', headers, body })).text();
  if (expectBody.includes('"errors"')) throw new Error(expectBody.slice(0, 300));
  const { latency, requests, errors, timeouts, non2xx, mismatches } = await load({ url, headers, body, connections, duration: seconds, expectBody });
  return { p99: latency.p99, perSecond: requests.average, failed: errors + timeouts + non2xx + mismatches };
}
