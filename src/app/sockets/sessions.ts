import type { WebSocket } from 'ws';
import type { Session } from './session.ts';

/** Sockets are asked in so many turns: thousands of pings at once would hold up everything else. */
const turns = 48;

interface Entry {
  session: Session;
  /** whether anything was heard since it was asked */
  isHeard: boolean;
}

/** The open sockets of this process. */
export class Sessions implements Iterable<Session> {
  readonly #turns = Array.from({ length: turns }, () => new Map<WebSocket, Entry>());
  readonly #timer: NodeJS.Timeout;
  #opened = 0;
  #turn = 0;

  constructor(keepAliveMs: number) {
    this.#timer = setInterval(() => this.#ask(this.#turns[this.#turn++ % turns]!), keepAliveMs / turns);
    this.#timer.unref();
  }

  /** Follows the socket from its opening until it is closed. */
  add(socket: WebSocket, session: Session): void {
    const turn = this.#turns[this.#opened++ % turns]!;
    const entry: Entry = { session, isHeard: true };
    turn.set(socket, entry);
    const heard = () => {
      entry.isHeard = true;
    };
    socket.on('ping', () => session.count());
    socket.on('pong', () => {
      heard();
      session.count();
    });
    socket.on('message', (data) => {
      heard();
      void session.receive(String(data));
    });
    socket.on('close', () => {
      turn.delete(socket);
      session.end();
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  *[Symbol.iterator](): Generator<Session> {
    for (const turn of this.#turns) for (const { session } of turn.values()) yield session;
  }

  #ask(turn: ReadonlyMap<WebSocket, Entry>): void {
    for (const [socket, entry] of turn) {
      if (!entry.isHeard) {
        socket.terminate();
      } else if (socket.readyState === socket.OPEN) {
        entry.isHeard = false;
        socket.ping();
      }
    }
  }
}
