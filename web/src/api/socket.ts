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

const FORBIDDEN = 4403;
const pingEveryMs = 4_000;
const pongWithinMs = 3_000;

let pongTimer: ReturnType<typeof setTimeout> | undefined;

function lost() {
  clearTimeout(pongTimer);
  if (connection.get().state !== 'lost') connection.set({ state: 'lost', since: Date.now() });
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
  shouldRetry: (event) => !(event instanceof CloseEvent && event.code === FORBIDDEN),
  on: {
    connected: live,
    closed: (event) => {
      if (event instanceof CloseEvent && event.code === FORBIDDEN) signedOut.set(true);
      lost();
    },
    ping: (received) => {
      if (!received) pongTimer = setTimeout(() => socket.terminate(), pongWithinMs);
    },
    pong: (received) => {
      if (received) clearTimeout(pongTimer);
    },
  },
});

addEventListener('offline', () => socket.terminate());
