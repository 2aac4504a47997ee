import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createLogger } from '../../src/config/logger.ts';
import { createEvents } from '../../src/events/createEvents.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { hasPooler, startPooler, type Pooler } from '../support/pooler.ts';
import { runOutrider, startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-through-a-pooler';
const targets = 3_000;

let database: TestDatabase;
let pooler: Pooler;
let dataDir: string;
let programs: Program[];

(hasPooler ? describe : describe.skip)('everything through PgBouncer in transaction mode, six connections in all', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
    pooler = await startPooler(database.url, 'default_pool_size = 6');
    dataDir = mkdtempSync(join(tmpdir(), 'outrider-pooler-data-'));
    programs = [];
  });
  afterEach(async () => {
    await Promise.all(programs.map(({ process: child, ended }) => (child.kill('SIGKILL'), ended)));
    await pooler.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const environment = () => ({ DATABASE_URL: pooler.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token });
  function start(command: string): Program {
    const program = startOutrider([command], environment());
    programs.push(program);
    return program;
  }

  test('prospects are imported, drafted for by two workers and watched; the schema is READY; SIGTERM ends all', async () => {
    const server = start('serve');
    const url = await server.says(/http:\/\/127\.0\.0\.1:\d+\//);
    start('worker');
    start('worker');
    const ask = async (query: string, variables: object = {}): Promise<any> => {
      const response = await fetch(`${url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
      const { data, errors } = (await response.json()) as { data: any; errors?: object[] };
      expect(errors).toBeUndefined();
      return data;
    };
    await waitFor(async () => (await ask('{ workers { name } }')).workers.length === 2);
    const rows = Array.from({ length: targets }, (_, n) => `Person ${n},https://example.org/${n},p${n}@example.org`);
    const uploaded = await fetch(`${url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: ['displayName,profileUrl,email', ...rows].join('\n') });
    expect(uploaded.status).toBe(200);
    await ask('mutation ($count: Int!) { reviewProspects(input: { filter: {}, expectedCount: $count, decision: APPROVE }) { userErrors { message } } }', { count: targets });
    const { startDraftJob } = await ask(
      'mutation ($count: Int!) { startDraftJob(input: { subjectTemplate: "Hello", bodyTemplate: "Dear {{ displayName }}", expectedCount: $count }) { job { id } userErrors { message } } }', { count: targets },
    );
    expect(startDraftJob.userErrors).toEqual([]);
    const socket = createClient({ url: `${url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` } });
    const events: { sequence: number; status: string; processed: number }[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.subscribe<{ jobProgress: (typeof events)[number] }>(
        { query: 'subscription ($id: ID!) { jobProgress(id: $id) { sequence status processed } }', variables: { id: startDraftJob.job.id } },
        { next: ({ data }) => void events.push(data!.jobProgress), error: reject, complete: resolve },
      );
    });
    await socket.dispose();

    expect(events.at(-1)).toMatchObject({ status: 'SUCCEEDED', processed: targets });
    expect(await ask('{ drafts { totalCount } }')).toEqual({ drafts: { totalCount: targets } });
    await waitFor(async () => (await ask('{ schemaHealth { status } }')).schemaHealth.status === 'READY');
    expect(await queryOnce(database.url, `select count(*)::int as n, count(distinct prospect_id)::int as people from email_drafts`)).toEqual([{ n: targets, people: targets }]);
    programs.forEach(({ process: child }) => child.kill('SIGTERM'));
    const ends = await Promise.all(programs.map(({ ended }) => ended));
    const errors = ends.flatMap(({ err }) => err.split('\n').filter((line) => line.includes('"level":"error"')));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(errors).toEqual([]);
  });

  test('with EVENTS_URL past the pooler notices are heard', async () => {
    const [first, second] = [1, 2].map(() => createEvents({ databaseUrl: pooler.url, eventsUrl: database.url, log: createLogger('silent') }));
    const heard: unknown[] = [];
    second!.subscribe('jobs', (entries) => heard.push(entries));
    await waitFor(() => heard.length > 0);
    first!.publish('jobs', [['a', 1]]);

    await waitFor(() => heard.length > 1);
    expect(heard).toEqual([null, [['a', 1]]]);
    await Promise.all([first!.close(), second!.close()]);
  });

  test('what needs a session of its own says so, and takes no lock that nobody would give back', async () => {
    const { code, err } = await runOutrider(['migrate'], environment());

    expect(code).toBe(1);
    expect(err).toContain('DATABASE_OWNER_URL');
    const mending = await runOutrider(['schema', 'history', '--repair'], environment());
    expect([mending.code, mending.err]).toEqual([1, expect.stringContaining('DATABASE_OWNER_URL')]);
    expect(await queryOnce(database.url, `select from pg_locks where locktype = 'advisory' and objsubid = 1 and database = (select oid from pg_database where datname = current_database())`)).toEqual([]);
    expect((await runOutrider(['migrate'], { ...environment(), DATABASE_OWNER_URL: database.url })).code).toBe(0);
  });
});
