import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface ServerUnderTest {
  url: string;
  pid: number;
  /** Sends the request once, or another body; answers the body. Rejects unless the status is 200. */
  send(body?: string): Promise<string>;
  /** Sends the request, or another body, again and again, 8 at a time. */
  load(requests: number, body?: string): Promise<void>;
  /** CPU time of the process and all its threads so far, in ms. */
  cpu(): Promise<number>;
  /** Bytes of the process after a garbage collection. */
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

export interface Memory {
  /** what the system gave it */
  resident: number;
  /** the JavaScript heap and the buffers beside it */
  used: number;
}

export interface ServerOptions {
  /** The program, relative to this folder. */
  program: string;
  arguments?: string[];
  environment: Record<string, string>;
  path: string;
  headers?: Record<string, string>;
  body: string;
}

const concurrency = 8;

/** Starts a server in production mode as a process of its own and waits until it answers the request. */
export async function startServerUnderTest(options: ServerOptions): Promise<ServerUnderTest> {
  const port = await freePort();
  const child = fork(fileURLToPath(new URL(options.program, import.meta.url)), options.arguments ?? [], {
    execArgv: ['--import', new URL('reportUsage.mjs', import.meta.url).href],
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production', LOG_LEVEL: 'warn', ...options.environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ask = async <Answer>(what: 'cpu' | 'memory') => {
    child.send(what);
    const [answer] = (await once(child, 'message')) as [Answer];
    return answer;
  };
  const send = (body = options.body, agent?: Agent) => post(port, { ...options, body }, agent);
  await untilReady(child, send, options.program);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    send,
    async load(requests, body) {
      // Of its own: a server closes connections that were idle while others were measured.
      const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
      let left = requests;
      const client = async () => {
        while (left-- > 0) await send(body, agent);
      };
      await Promise.all(Array.from({ length: concurrency }, client)).finally(() => agent.destroy());
    },
    async cpu() {
      const usage = await ask<NodeJS.CpuUsage>('cpu');
      return (usage.user + usage.system) / 1000;
    },
    memory: () => ask<Memory>('memory'),
    stop: () => stopProcess(child),
  };
}

export const benchToken = 'a-token-for-the-benchmarks-alone';

/** The product's own server, serving `body` (a GraphQL request). */
export function startOutrider(url: string, body: string): Promise<ServerUnderTest> {
  return startServerUnderTest({
    program: '../dist/index.js',
    arguments: ['serve'],
    environment: { DATABASE_URL: url, OUTRIDER_TOKEN: benchToken },
    path: '/graphql',
    headers: { authorization: `Bearer ${benchToken}` },
    body,
  });
}

/** Asks a process to end and waits until it has. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function untilReady(child: ChildProcess, send: () => Promise<string>, program: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`${program} ended with exit code ${child.exitCode}`);
    try {
      await send();
      return;
    } catch (error) {
      if (attempt < 300) await sleep(100);
      else {
        child.kill();
        throw error;
      }
    }
  }
}

function post(port: number, { path, headers, body }: ServerOptions, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const answer = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`${response.statusCode}: ${answer.slice(0, 300)}`));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
