import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as it arrived. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** '' for the first of a trace */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer */
  kind: number;
  attributes: Record<string, string | number | boolean>;
  /** of the process that sent it */
  resource: Record<string, string | number | boolean>;
  failed: boolean;
}

/** Listens for OTLP over HTTP in protobuf, as a collector does, and keeps what comes. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  /** everything that came, as text: what must not leave is not in it */
  text = '';
  /** answers nothing while it is true */
  isSilent = false;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TraceReceiver> {
    const server = createServer();
    const receiver = new TraceReceiver(server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      receiver.requests.push({ path: request.url ?? '', headers: request.headers });
      if (receiver.isSilent) return;
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks);
      receiver.text += body.toString('latin1');
      receiver.spans.push(...readSpans(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** ExportTraceServiceRequest: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
function readSpans(request: Buffer): ReceivedSpan[] {
  return all(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(all(resourceSpans, 1)[0]!, 1);
    return all(resourceSpans, 2).flatMap((scopeSpans) => all(scopeSpans, 2).map((span) => ({
      traceId: all(span, 1)[0]!.toString('hex'),
      spanId: all(span, 2)[0]!.toString('hex'),
      parentSpanId: all(span, 4)[0]?.toString('hex') ?? '',
      name: all(span, 5)[0]!.toString(),
      kind: numberOf(span, 6),
      attributes: attributesOf(span, 9),
      resource,
      failed: all(span, 15).some((status) => numberOf(status, 3) === 2),
    })));
  });
}

function attributesOf(message: Buffer, field: number): ReceivedSpan['attributes'] {
  return Object.fromEntries(all(message, field).map((pair) => {
    const value = all(pair, 2)[0]!;
    const [text] = all(value, 1);
    return [all(pair, 1)[0]!.toString(), text ? text.toString() : fields(value).some(([number]) => number === 2) ? numberOf(value, 2) === 1 : numberOf(value, 3)];
  }));
}

const all = (message: Buffer, field: number): Buffer[] => fields(message).flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []));
const numberOf = (message: Buffer, field: number): number => Number(fields(message).find(([number]) => number === field)?.[1] ?? 0);

/** https://protobuf.dev/programming-guides/encoding/ */
function fields(message: Buffer): [number: number, value: Buffer | bigint][] {
  const found: [number, Buffer | bigint][] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) {
      found.push([tag >> 3, varint()]);
    } else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
      found.push([tag >> 3, message.subarray(at, at + length)]);
      at += length;
    }
  }
  return found;
}
