import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** "TXT example.org" or "MX example.org" → texts, or hosts in the order of their priority; null answers SERVFAIL. */
export type Zone = Record<string, readonly string[] | null>;

export interface NameServer {
  /** 127.0.0.1:port */
  address: string;
  asked: string[];
  close(): void;
}

const types: Readonly<Record<number, 'TXT' | 'MX'>> = { 15: 'MX', 16: 'TXT' };

/** Answers over UDP what the zone holds, NXDOMAIN for the rest; with no zone it never answers. */
export async function openNameServer(zone: Zone | null): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, end } = readName(query);
    const type = types[query.readUInt16BE(end)];
    asked.push(`${type} ${name}`);
    if (zone) socket.send(answer(query.subarray(0, end + 4), type, zone[`${type} ${name}`]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function answer(question: Buffer, type: 'TXT' | 'MX' | undefined, values: readonly string[] | null | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  const code = values === null ? 2 : values === undefined ? 3 : 0;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(values?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  const records = (values ?? []).map((value, index) => {
    const data = type === 'TXT' ? text(value) : Buffer.concat([Buffer.from([0, (index + 1) * 10]), name(value)]);
    const head = Buffer.from([0xc0, 12, 0, type === 'TXT' ? 16 : 15, 0, 1, 0, 0, 0, 60, 0, 0]);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, question.subarray(12), ...records]);
}

/** In strings of 255 bytes at most, as long keys are. */
function text(value: string): Buffer {
  return Buffer.concat((value.match(/.{1,200}/gs) ?? ['']).flatMap((part) => [Buffer.from([part.length]), Buffer.from(part, 'latin1')]));
}

const name = (host: string) => Buffer.concat([...host.split('.').filter(Boolean).flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]), Buffer.from([0])]);
