/** A process of its own: so many sockets on one server, and when each of them heard of which sequence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

export interface Subscribing {
  url: string;
  sockets: number;
  /** What each sends over graphql-transport-ws after its connection_init; nothing where it only listens. */
  graphql?: { authorization: string; query: string; variables: object };
}

/** Sent when every socket has heard of a sequence. */
export interface AllHeard {
  all: number;
}

/** Answered to a list of `[sequence, when it was told of]`; times are those of `now`, in ms. */
export interface Heard {
  /** events over all sockets */
  delivered: number;
  p50: number;
  p99: number;
  /** one of the messages, as it came */
  sample: string;
}

/** Milliseconds on a clock that all processes of one machine share. */
export const now = (): number => performance.timeOrigin + performance.now();

const connecting = 100;
const arrivals = new Map<number, number[]>();
let sample = '';
let closed = 0;

function heard(data: Buffer, sockets: number): boolean {
  const at = data.indexOf('"sequence":');
  if (at < 0) return false;
  const sequence = Number.parseInt(data.toString('latin1', at + 11, at + 27), 10);
  const times = arrivals.get(sequence) ?? [];
  arrivals.set(sequence, times);
  if (times.push(now()) === sockets) process.send?.({ all: sequence } satisfies AllHeard);
  sample ||= data.toString();
  return true;
}

/** Resolves when the socket is open, with graphql when the present state has come. */
function open({ url, sockets, graphql }: Subscribing, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, graphql ? 'graphql-transport-ws' : [], { perMessageDeflate: false });
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      closed++;
      reject(new Error(`closed with ${code} ${String(reason)}`));
    });
    socket.on('open', () => (graphql ? send({ type: 'connection_init', payload: { authorization: graphql.authorization } }) : resolve()));
    socket.on('message', (data: Buffer) => {
      if (heard(data, sockets)) resolve();
      else if (graphql && data.includes('"connection_ack"')) {
        send({ id: `subscription-${index}`, type: 'subscribe', payload: { query: graphql.query, variables: graphql.variables } });
      }
    });
  });
}

async function openAll(subscribing: Subscribing): Promise<void> {
  let index = 0;
  const opener = async () => {
    while (index < subscribing.sockets) await open(subscribing, index++);
  };
  await Promise.all(Array.from({ length: connecting }, opener));
  // What was heard while connecting is no answer to a notice.
  await sleep(500);
  arrivals.clear();
}

function summarise(told: readonly (readonly [number, number])[]): Heard {
  const delays = told.flatMap(([sequence, at]) => (arrivals.get(sequence) ?? []).map((arrival) => arrival - at)).sort((a, b) => a - b);
  arrivals.clear();
  const quantile = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN;
  return { delivered: delays.length, p50: quantile(0.5), p99: quantile(0.99), sample };
}

if (process.send) {
  process.on('message', (told: [number, number][]) => {
    if (closed) throw new Error(`${closed} sockets were closed by the server.`);
    process.send!(summarise(told));
  });
  await openAll(JSON.parse(process.argv[2] ?? '') as Subscribing);
  process.send('open');
}
