import { type BenchServer, seedProspects } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { alternate } from './measure.ts';
import { startOutrider, type ServerUnderTest, startServerUnderTest } from './serverProcess.ts';

const prospects = 10_000;
const profilesEach = 3;
const first = 100;
const requests = 200;
const rounds = 7;

const ours = `query Page($first: Int!) { prospects(first: $first) {
  nodes { id displayName email profileUrl bioText tags followerCount stage createdAt
    socialProfiles { id platform username profileUrl followerCount } }
  pageInfo { hasNextPage } } }`;

const theirs = `query Page($first: Int!) { allProspects(first: $first, orderBy: CREATED_AT_DESC) {
  nodes { id displayName email profileUrl bioText tags followerCount stage createdAt
    socialProfilesByProspectId { nodes { id platform username profileUrl followerCount } } }
  pageInfo { hasNextPage } } }`;

/** A page of 100 prospects with their 3 profiles each: CPU of the Node process a request, as a client gets it. */
export async function benchPage(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('page');
  await seedProspects(url, prospects, profilesEach);
  const body = (query: string) => JSON.stringify({ query, variables: { first } });
  const environment = { DATABASE_URL: url };
  const servers = {
    outrider: await startOutrider(url, body(ours)),
    postgraphile: await startServerUnderTest({ program: 'peers/postgraphile.mjs', environment, path: '/graphql', body: body(theirs) }),
    byHand: await startServerUnderTest({ program: 'peers/byHand.mjs', environment, path: '/', body: body(ours) }),
  };
  try {
    for (const [name, candidate] of Object.entries(servers)) checkAnswer(name, await candidate.send());
    const cpu = await alternate(rounds, {
      outrider: () => cpuPerRequest(servers.outrider),
      postgraphile: () => cpuPerRequest(servers.postgraphile),
      byHand: () => cpuPerRequest(servers.byHand),
    });
    const what = `page of ${first} prospects with ${profilesEach} profiles each, Node CPU a request`;
    return [
      compared(what, 'ms', cpu.outrider, 'PostGraphile 5', cpu.postgraphile, { atMost: 0.65 }),
      compared(what, 'ms', cpu.outrider, 'node:http + pg by hand', cpu.byHand, { atMost: 2.5 }),
    ];
  } finally {
    await Promise.all(Object.values(servers).map((candidate) => candidate.stop()));
  }
}

async function cpuPerRequest(candidate: ServerUnderTest): Promise<number> {
  const before = await candidate.cpu();
  await candidate.load(requests);
  return ((await candidate.cpu()) - before) / requests;
}

/** A server that answers less would look fast. */
function checkAnswer(name: string, answer: string): void {
  const followers = answer.match(/"followerCount":/g)?.length ?? 0;
  const expected = first * (1 + profilesEach);
  if (followers !== expected) throw new Error(`${name} answered ${followers} rows instead of ${expected}: ${answer.slice(0, 300)}`);
}
