import { isIP, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Connection, type Client } from 'pg';

const patienceMs = 2_000;

/** What pg keeps of a connection, and tells in no type. */
interface Inside {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
  ssl: boolean | ConnectionOptions;
  sslNegotiation: string;
  connection: { stream: Socket };
}

interface Canceller extends Connection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Cancels what the connection runs now, by the protocol, which leads through poolers too, and with TLS where the connection has it.
 * Resolves when the server has sent the signal or never will: until then the connection must not run anything else, which would be cancelled instead.
 */
export function cancelStatement(client: Client): Promise<void> {
  const { processID, secretKey, host, port, ssl, sslNegotiation, connection: { stream } } = client as unknown as Inside;
  const canceller = new Connection({ ssl: tlsOf(ssl, host), sslNegotiation } as object) as Canceller;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      // It may arrive later, when the connection runs something else: it does so no more.
      stream.destroy();
      canceller.stream.destroy();
    }, patienceMs);
    canceller.once('connect', () => {
      if (!ssl) canceller.cancel(processID, secretKey);
      else if (sslNegotiation !== 'direct') canceller.requestSsl();
    });
    canceller.once('sslconnect', () => canceller.cancel(processID, secretKey));
    canceller.on('error', () => {});
    // The server answers by closing.
    canceller.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    // The very server that runs the statement, where a name stands for several.
    if (stream.remoteAddress === undefined) canceller.connect(`${host}/.s.PGSQL.${port}`);
    else canceller.connect(stream.remotePort!, stream.remoteAddress);
  });
}

/** Its certificate is of the name, which is not what is connected to here. */
function tlsOf(ssl: boolean | ConnectionOptions, host: string): boolean | ConnectionOptions {
  if (!ssl || isIP(host) !== 0) return ssl;
  // pg hides the key from whatever copies the rest.
  return ssl === true ? { servername: host } : { ...ssl, ...('key' in ssl ? { key: ssl.key } : {}), servername: host };
}
