import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';

export interface EventProxy {
  url: string;
  /** Sends `events` a second for so many seconds, as answers of the page's subscription to `field`; how many it sent. */
  flood(field: string, perSecond: number, seconds: number, event: (index: number) => unknown): Promise<number>;
  close(): void;
}

const tickMs = 5;

/** Stands between a browser and the server at `target`, and can add events to the browser's socket. */
export async function startEventProxy(target: string): Promise<EventProxy> {
  const pages = new Set<{ socket: WebSocket; subscriptions: Map<string, string> }>();
  const http = createServer((incoming, outgoing) => {
    const upstream = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'graphql-transport-ws' });
  sockets.on('connection', (socket, { headers }) => {
    const upstream = new WebSocket(new URL('/graphql', target.replace(/^http/, 'ws')), 'graphql-transport-ws', { headers: { cookie: headers.cookie ?? '', origin: target } });
    const waiting: string[] = [];
    const page = { socket, subscriptions: new Map<string, string>() };
    pages.add(page);
    socket.on('message', (data) => {
      const text = String(data);
      const { type, id, payload } = JSON.parse(text) as { type: string; id?: string; payload?: { query?: string } };
      const field = type === 'subscribe' ? /\{\s*(\w+)/.exec(payload?.query ?? '')?.[1] : undefined;
      if (field && id) page.subscriptions.set(field, id);
      if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
      else waiting.push(text);
    });
    upstream.on('open', () => waiting.splice(0).forEach((text) => upstream.send(text)));
    upstream.on('message', (data) => socket.send(String(data)));
    upstream.on('close', () => socket.close());
    upstream.on('error', () => socket.close());
    socket.on('close', () => {
      pages.delete(page);
      upstream.close();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async flood(field, perSecond, seconds, event) {
      const started = performance.now();
      const all = perSecond * seconds;
      let sent = 0;
      while (sent < all) {
        const due = Math.min(all, Math.floor(((performance.now() - started) / 1000) * perSecond));
        for (; sent < due; sent++) {
          for (const { socket, subscriptions } of pages) {
            const id = subscriptions.get(field);
            if (id) socket.send(JSON.stringify({ id, type: 'next', payload: { data: { [field]: event(sent) } } }));
          }
        }
        await sleep(tickMs);
      }
      return sent;
    },
    close() {
      for (const { socket } of pages) socket.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}
