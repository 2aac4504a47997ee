import { rmSync } from 'node:fs';

/** The PostgreSQL of one test run. */
export interface TestServer {
  /** A superuser's URL of its database `postgres`. */
  url: string;
  /** The migrated database that test files clone. */
  template: string;
  /** how its files are copied: "strategy file_copy", or nothing for the server's own way */
  strategy: string;
  /** what the test files of the run share on the disk; it goes with the server */
  folder: string;
  stop(): Promise<void>;
}

const holder = globalThis as { outriderTestServer?: TestServer };

/** Hands the server to the test files (other processes, by environment) and to the teardown (this process). */
export function publishServer(server: TestServer): void {
  holder.outriderTestServer = server;
  process.env['OUTRIDER_TEST_SERVER'] = JSON.stringify({ ...server, stop: undefined });
}

export function publishedServer(): Omit<TestServer, 'stop'> {
  const server = process.env['OUTRIDER_TEST_SERVER'];
  if (!server) throw new Error('There is no test server: run the tests by npm test.');
  return JSON.parse(server) as Omit<TestServer, 'stop'>;
}

export async function stopServer(): Promise<void> {
  const server = holder.outriderTestServer;
  if (!server) return;
  await server.stop();
  rmSync(server.folder, { recursive: true, force: true });
}
