import { MessageType, stringifyMessage } from 'graphql-ws';
import type { GraphQLFormattedError } from 'graphql';
import type { WebSocket } from 'ws';
import type { Caller } from '../../limits/createGate.ts';

/** A result as it ends every `next` message that carries it: `{"data":…}}`. Made once, for every socket that gets it. */
export type Payload = Buffer;

export const payloadOf = (result: unknown): Payload => Buffer.from(`${JSON.stringify(result)}}`);

/** Bytes from which a payload follows its head as a frame of its own; below, a copy for each socket costs less. */
const sharedFrom = 16_384;
const text = { binary: false };
const begins = { binary: false, fin: false };

/**
 * One operation of one socket. At most one message of it is on its way; meanwhile the latest result of each key waits, so
 * that a slow reader costs nothing and gets the newest when it reads again.
 */
export class Subscriber {
  /** The question that its first state has to answer; 0 where any news will do. */
  waitsFor = 0;
  /** Runs when it leaves before the end. */
  onLeave: (() => void) | null = null;
  /** whose it is */
  readonly caller: Caller;
  /** of the message that asked for it (characters), which is kept while it runs */
  readonly length: number;
  readonly #socket: WebSocket;
  readonly #id: string;
  readonly #head: Buffer;
  /** runs when its id is free again */
  readonly #onDone: (id: string) => void;
  readonly #onSent = () => this.#sent();
  #waiting: Map<string, Payload> | null = null;
  #isSending = false;
  #isEnding = false;
  #isDone = false;

  constructor(socket: WebSocket, caller: Caller, { id, length }: { id: string; length: number }, onDone: (id: string) => void) {
    this.caller = caller;
    this.length = length;
    this.#socket = socket;
    this.#id = id;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.#onDone = onDone;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** A newer result of the same key takes the place of one that was not sent yet. */
  deliver(key: string, payload: Payload): void {
    if (this.#isDone) return;
    if (this.#isSending) (this.#waiting ??= new Map()).set(key, payload);
    else this.#send(payload);
  }

  /** Completes, after what waits was sent. */
  end(): void {
    this.#isEnding = true;
    if (!this.#isSending) this.#complete();
  }

  /** Ends with errors that leave nothing to wait for. */
  fail(errors: readonly GraphQLFormattedError[]): void {
    if (!this.#done()) return;
    this.#socket.send(stringifyMessage<MessageType.Error>({ id: this.#id, type: MessageType.Error, payload: errors }));
  }

  /** The client wants no more, or is gone. */
  leave(): void {
    if (this.#done()) this.onLeave?.();
  }

  #send(payload: Payload): void {
    this.#isSending = true;
    if (payload.length < sharedFrom) {
      this.#socket.send(Buffer.concat([this.#head, payload]), text, this.#onSent);
    } else {
      this.#socket.send(this.#head, begins);
      this.#socket.send(payload, text, this.#onSent);
    }
  }

  #sent(): void {
    this.#isSending = false;
    if (this.#isDone) return;
    for (const [key, payload] of this.#waiting ?? []) {
      this.#waiting!.delete(key);
      return this.#send(payload);
    }
    this.#waiting = null;
    if (this.#isEnding) this.#complete();
  }

  #complete(): void {
    if (!this.#done()) return;
    this.#socket.send(stringifyMessage<MessageType.Complete>({ id: this.#id, type: MessageType.Complete }));
  }

  /** Whether it was not done before. */
  #done(): boolean {
    if (this.#isDone) return false;
    this.#isDone = true;
    this.#waiting = null;
    this.#onDone(this.#id);
    return true;
  }
}
