import { createClient } from 'graphql-ws';
import { signedOut } from './session.ts';
import { Store } from './store.ts';

/** How current the page is: `lost` means that what it shows was true at `since`, and nothing newer is known. */
export type Connection = { state: 'connecting' | 'live' | 'lost'; since: number };

export const connection = new Store<Connection>({ state: 'connecting', since: Date.now() });

const reconnectListeners = new Set<() => void>();

/** Calls `listener` whenever the socket is back after it was lost: the moment to fetch what was missed. */
export function onReconnect(listener: () => void): void {
  reconnectListeners.add(listener);
}

/** Close codes: the server does not know us; we gave up a socket that had fallen silent. */
const forbidden = 4403;
const terminated = 4499;
const pingEveryMs = 2_500;
const pongWithinMs = 2_000;

let pongTimer: ReturnType<typeof setTimeout> | undefined;
let heardAt = Date.now();

function lost(code: number | undefined) {
  clearTimeout(pongTimer);
  // A socket that fell silent was of no use since the server was last heard, not only since that was noticed.
  if (connection.get().state !== 'lost') connection.set({ state: 'lost', since: code === terminated ? heardAt : Date.now() });
}

function live() {
  const wasLost = connection.get().state === 'lost';
  connection.set({ state: 'live', since: Date.now() });
  if (wasLost) for (const listener of reconnectListeners) listener();
}

/** The one socket of this page. The session cookie goes with the upgrade; there is nothing else to send. */
export const socket = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  keepAlive: pingEveryMs,
  retryAttempts: Infinity,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, 1_500))),
  shouldRetry: (event) => closeCode(event) !== forbidden,
  on: {
    connected: live,
    closed: (event) => {
      const code = closeCode(event);
      if (code === forbidden) signedOut.set(true);
      lost(code);
    },
    message: () => {
      heardAt = Date.now();
    },
    ping: (received) => {
      if (!received) pongTimer = setTimeout(() => socket.terminate(), pongWithinMs);
    },
    pong: (received) => {
      if (received) clearTimeout(pongTimer);
    },
  },
});

function closeCode(event: unknown): number | undefined {
  return typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number' ? event.code : undefined;
}

addEventListener('offline', () => socket.terminate());
