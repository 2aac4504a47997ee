import { once } from 'node:events';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';

interface Line {
  client: Socket;
  server: Socket;
}

/** A network to PostgreSQL that takes its time, and that a test cuts or silences. */
export class Wire {
  readonly url: string;
  readonly #listener: Server;
  readonly #lines = new Set<Line>();

  private constructor(url: string, listener: Server) {
    this.url = url;
    this.#listener = listener;
  }

  /** @param delayMs of everything, each way */
  static async open(target: string, delayMs: number): Promise<Wire> {
    const { hostname, port } = new URL(target);
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const url = new URL(target);
    url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const wire = new Wire(url.href, listener);
    listener.on('connection', (client) => wire.#join(client, new Socket().connect(Number(port), hostname), delayMs));
    return wire;
  }

  #join(client: Socket, server: Socket, delayMs: number): void {
    const line: Line = { client, server };
    this.#lines.add(line);
    for (const [from, to] of [[client, server], [server, client]] as const) {
      from.setNoDelay(true);
      from.on('error', () => {});
      from.on('close', () => {
        this.#lines.delete(line);
        to.destroy();
      });
      from.on('data', (data) => void setTimeout(() => to.writable && to.write(data), delayMs));
    }
  }

  /** Ends every connection. */
  cut(): void {
    for (const { client, server } of this.#lines) {
      client.destroy();
      server.destroy();
    }
  }

  /** Lets nothing through on the connections that there are, or only no answers, until the function that it answers is called. */
  silence(what: 'everything' | 'answers'): () => void {
    const silenced = [...this.#lines].flatMap(({ client, server }) => (what === 'answers' ? [server] : [client, server]));
    silenced.forEach((socket) => socket.pause());
    return () => silenced.forEach((socket) => socket.resume());
  }

  close(): void {
    this.#listener.close();
    this.cut();
  }
}
