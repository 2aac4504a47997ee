import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';

/**
 * One PostgreSQL session that several clients use in turn. Whoever connects to `readers` is inside the transaction of
 * `client`: it sees what was changed there and not yet committed, and its own transactions are savepoints that are always
 * rolled back. So a change needs no database of its own, and is undone by one ROLLBACK.
 */
export interface SharedSession {
  client: pg.Client;
  /** a URL for clients that read */
  readers: string;
  close(): Promise<void>;
}

/** authentication is done, and the session waits for a query */
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
const QUERY = 0x51;
const TERMINATE = 0x58;

export async function shareSession(url: string): Promise<SharedSession> {
  const session = new pg.Client({ connectionString: url });
  session.on('error', () => {});
  await session.connect();
  const backend = (session as unknown as { connection: { stream: Socket } }).connection.stream;
  backend.removeAllListeners('data');
  let asking: Socket | null = null;
  backend.on('data', (bytes) => asking?.write(bytes));

  const listen = async (rewrite: (sql: string) => string): Promise<Server> => {
    const server = createServer((socket) => {
      const forward = (message: Buffer) => {
        if (message[0] === TERMINATE) return socket.end();
        asking = socket;
        backend.write(message[0] === QUERY ? queryMessage(rewrite(message.toString('utf8', 5, message.length - 1))) : message);
      };
      receive(socket, forward);
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const [own, readers] = [await listen((sql) => sql), await listen(inSavepoint)];

  const client = new pg.Client({ connectionString: urlAt(url, own) });
  // A connection that breaks is met by the next query.
  client.on('error', () => {});
  await client.connect();
  return {
    client,
    readers: urlAt(url, readers),
    async close() {
      await client.end();
      for (const server of [own, readers]) server.close();
      backend.destroy();
    },
  };
}

/** What is a transaction to a reader is a savepoint here; the savepoint `reading` is there beforehand. */
function inSavepoint(sql: string): string {
  return sql.replace(/^\s*begin\b[^;]*/i, 'savepoint reading').replace(/(^|;)\s*(?:commit|rollback)\s*;?\s*$/i, '$1 rollback to savepoint reading');
}

/** Calls back with each whole message but the first, the greeting, which is answered. */
function receive(socket: Socket, forward: (message: Buffer) => void): void {
  let greeted = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const start = greeted ? 1 : 0;
      if (rest.length < start + 4) return;
      const end = start + rest.readInt32BE(start);
      if (rest.length < end) return;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      if (greeted) forward(message);
      else socket.write(welcome);
      greeted = true;
    }
  });
}

function queryMessage(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from([QUERY, 0, 0, 0, 0]);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

function urlAt(url: string, server: Server): string {
  const at = new URL(url);
  at.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return at.href;
}
