import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { createOrm } from '../../src/database/createOrm.ts';
import { OperationEnded, RequestScope } from '../../src/limits/RequestScope.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { hasPooler, startPooler, type Pooler } from '../support/pooler.ts';
import { waitFor } from '../support/waitFor.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const sslRequest = 80_877_103;
const cancelRequest = 80_877_102;

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'outrider-tls-'));
  chmodSync(folder, 0o755);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Tells by which of PostgreSQL's requests each connection to `url` begins: the number that comes after the length. */
async function listenIn(url: string): Promise<{ url: string; first: number[]; server: Server }> {
  const first: number[] = [];
  const { hostname, port } = new URL(url);
  const server = createServer((client: Socket) => {
    const upstream = connect(Number(port), hostname);
    client.once('data', (bytes) => first.push((bytes as Buffer).readInt32BE(4)));
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return { url: through.href, first, server };
}

const sleep = (orm: MikroORM, mark: string, seconds: number) => sql`select pg_sleep(${seconds}::float8), ${sql.lit(mark)}`.execute(orm.em.fork().getKysely());

async function running(mark: string): Promise<number> {
  const rows = await queryOnce(database.url, `select 1 from pg_stat_activity where state = 'active' and query like '%' || $1 || '%' and pid <> pg_backend_pid()`, [mark]);
  return rows.length;
}

(hasPooler ? describe : describe.skip)('through PgBouncer', () => {
  let pooler: Pooler;
  let orm: MikroORM;
  let listening: Awaited<ReturnType<typeof listenIn>> | null = null;

  async function open(search: string, ...settings: string[]): Promise<void> {
    pooler = await startPooler(database.url, ...settings);
    listening = await listenIn(pooler.url);
    orm = await createOrm({ url: `${listening.url}${search}`, poolSize: 8 });
  }
  async function close(): Promise<void> {
    await orm.close(true);
    listening?.server.close();
    await pooler.stop();
  }

  describe('in transaction mode, two connections for eight clients', () => {
    beforeAll(() => open('', 'default_pool_size = 2'));
    afterAll(close);

    test('a statement is cancelled when its operation ends, and what runs beside it is not', async () => {
      const scope = new RequestScope();
      const ended = scope.run(() => sleep(orm, 'to be ended', 60));
      const beside = sleep(orm, 'beside it', 2);
      await waitFor(async () => (await running('to be ended')) === 1 && (await running('beside it')) === 1);
      scope.end('deadline');
      await expect(ended).rejects.toThrow(OperationEnded);
      await waitFor(async () => (await running('to be ended')) === 0);
      await beside;
      expect(listening!.first).toContain(cancelRequest);
    });

    test('of many that are ended at any moment, none takes another along', async () => {
      const outcomes = { ended: 0, done: 0 };
      const ending = async (place: number) => {
        for (let time = 0; time < 20; time++) {
          const scope = new RequestScope();
          const timer = setTimeout(() => scope.end('deadline'), 1 + ((time + place) % 6));
          await scope.run(() => sleep(orm, 'ending', 0.004)).then(() => (outcomes.done += 1), (error) => {
            expect(error).toBeInstanceOf(OperationEnded);
            outcomes.ended += 1;
          });
          clearTimeout(timer);
        }
      };
      const calm = async () => {
        for (let time = 0; time < 40; time++) await sleep(orm, 'calm', 0.004);
      };
      await Promise.all([...Array.from({ length: 4 }, (_, place) => ending(place)), calm(), calm(), calm(), calm()]);
      expect(outcomes.ended).toBeGreaterThan(0);
      expect(outcomes.ended + outcomes.done).toBe(80);
    });
  });

  (hasOpenssl ? describe : describe.skip)('with TLS', () => {
    beforeAll(async () => {
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
      chmodSync(key, 0o644);
      await open('?sslmode=no-verify', 'client_tls_sslmode = allow', `client_tls_key_file = ${key}`, `client_tls_cert_file = ${certificate}`);
    });
    afterAll(close);

    test('the request to cancel is sent by TLS too, and nothing is sent without', async () => {
      const scope = new RequestScope();
      const ended = scope.run(() => sleep(orm, 'to be ended', 60));
      await waitFor(async () => (await running('to be ended')) === 1);
      scope.end('deadline');
      await expect(ended).rejects.toThrow(OperationEnded);
      await waitFor(async () => (await running('to be ended')) === 0);
      expect(listening!.first.length).toBeGreaterThan(1);
      expect(new Set(listening!.first)).toEqual(new Set([sslRequest]));
      await sleep(orm, 'afterwards', 0);
    });
  });
});
