import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const pollMs = 50;

interface Backend {
  port: number;
  ready: boolean;
  agent: Agent;
  /** how many requests it was given */
  requests: number;
}

/**
 * What stands in front of several servers: asks each for /health/ready all the time, gives requests and sockets in turn to those that
 * said 200 the last time, keeps its connections to them open, and never tries a request twice.
 */
export class Proxy {
  readonly #server: Server;
  readonly #backends = new Map<number, Backend>();
  readonly #tunnels = new Set<Duplex>();
  readonly #polling: NodeJS.Timeout;
  #turn = 0;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const backend = this.#next();
      if (!backend) {
        outgoing.writeHead(502).end('no server is ready');
        return;
      }
      backend.requests += 1;
      const { method, url, headers } = incoming;
      const passed = request({ host: '127.0.0.1', port: backend.port, agent: backend.agent, method, path: url, headers }, (answer) => {
        const { connection: _, ...rest } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, rest);
        answer.pipe(outgoing);
      });
      passed.on('error', (error) => outgoing.writeHead(502).end(String(error)));
      incoming.pipe(passed);
    });
    this.#server.on('upgrade', (incoming, socket, head) => this.#tunnel(incoming, socket, head));
    this.#polling = setInterval(() => [...this.#backends.values()].forEach((backend) => void this.#look(backend)), pollMs);
  }

  static async start(): Promise<Proxy> {
    const proxy = new Proxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  add(port: number): void {
    this.#backends.set(port, { port, ready: false, agent: new Agent({ keepAlive: true }), requests: 0 });
  }

  isReady(port: number): boolean {
    return this.#backends.get(port)?.ready ?? false;
  }

  requestsTo(port: number): number {
    return this.#backends.get(port)?.requests ?? 0;
  }

  async close(): Promise<void> {
    clearInterval(this.#polling);
    for (const tunnel of this.#tunnels) tunnel.destroy();
    for (const { agent } of this.#backends.values()) agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #next(): Backend | undefined {
    const ready = [...this.#backends.values()].filter((backend) => backend.ready);
    return ready[this.#turn++ % ready.length];
  }

  async #look(backend: Backend): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${backend.port}/health/ready`).catch(() => null);
    backend.ready = answer?.status === 200;
    await answer?.body?.cancel();
  }

  #tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const backend = this.#next();
    if (!backend) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const lines = incoming.rawHeaders.flatMap((text, at) => (at % 2 ? [] : [`${text}: ${incoming.rawHeaders[at + 1]}`]));
    const passed: Socket = connect(backend.port, '127.0.0.1', () => {
      passed.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      passed.write(head);
      socket.pipe(passed).pipe(socket);
    });
    for (const [one, other] of [[socket, passed], [passed, socket]] as const) {
      this.#tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#tunnels.delete(one);
        other.destroy();
      });
    }
  }
}
