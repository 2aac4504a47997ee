import { createClient } from 'graphql-ws';
import { signedOut } from './session.ts';
import { Store } from './store.ts';

/** How current the page is: `lost` means that what it shows was true at `since`, and nothing newer is known. */
export type Connection = { state: 'connecting' | 'live' | 'lost'; since: number };

export const connection = new Store<Connection>({ state: 'connecting', since: Date.now() });

const connectListeners = new Set<() => void>();

/** Calls `listener` whenever the socket is there, for the first time too: what changed before it told of changes is to be fetched. */
export function onConnect(listener: () => void): void {
  connectListeners.add(listener);
}

/** Close codes: the server does not know us; we gave up a socket that had fallen silent. */
const forbidden = 4403;
const terminated = 4499;
const pingEveryMs = 400;
const checkEveryMs = 150;
/** a socket that is silent for so long is given up for a new one */
const deadAfterMs = 4_000;

let heardAt = Date.now();
let pingedAt = Date.now();
/** how long the server takes to answer, in ms; slow lines are not taken for lost ones */
let roundTripMs = 0;
let watch: ReturnType<typeof setInterval> | undefined;

function lost(since: number) {
  if (connection.get().state !== 'lost') connection.set({ state: 'lost', since });
}

function live() {
  if (connection.get().state === 'live') return;
  connection.set({ state: 'live', since: Date.now() });
  for (const listener of connectListeners) listener();
}

function heard() {
  heardAt = Date.now();
  live();
}

/** A socket that says nothing is of no use since it was last heard, long before anybody closes it. */
function listen() {
  // The browser slows the timers of a page that nobody sees, so silence means nothing there.
  if (document.hidden) return;
  const silentMs = Date.now() - heardAt;
  if (silentMs > deadAfterMs + 3 * roundTripMs) socket.terminate();
  else if (silentMs > pingEveryMs + Math.max(300, 3 * roundTripMs)) lost(heardAt);
}

/** The one socket of this page. The session cookie goes with the upgrade; there is nothing else to send. */
export const socket = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  keepAlive: pingEveryMs,
  retryAttempts: Infinity,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, 1_500))),
  shouldRetry: (event) => closeCode(event) !== forbidden,
  on: {
    connected: () => {
      heard();
      clearInterval(watch);
      watch = setInterval(listen, checkEveryMs);
    },
    closed: (event) => {
      clearInterval(watch);
      const code = closeCode(event);
      if (code === forbidden) signedOut.set(true);
      lost(code === terminated ? heardAt : Date.now());
    },
    message: heard,
    ping: (received) => {
      if (!received) pingedAt = Date.now();
    },
    pong: (received) => {
      if (received) roundTripMs = Date.now() - pingedAt;
    },
  },
});

function closeCode(event: unknown): number | undefined {
  return typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number' ? event.code : undefined;
}

addEventListener('offline', () => socket.terminate());
document.addEventListener('visibilitychange', () => {
  heardAt = Date.now();
});
