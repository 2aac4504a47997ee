import { CloseCode, MessageType, parseMessage, stringifyMessage, type ConnectionInitMessage, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { OutriderError } from '../../domain/errors.ts';
import type { Authenticator } from '../../http/authenticate.ts';
import { bearer } from '../../http/credentials.ts';
import type { Identity } from '../../http/identity.ts';
import { inLogContext } from '../../telemetry/logContext.ts';
import { Bucket } from '../../limits/Bucket.ts';
import type { Actor } from '../../services/context.ts';
import type { Operations } from './operations.ts';
import { Subscriber } from './subscriber.ts';

/** How long a socket may take to say who it is (ms). */
const introductionMs = 5_000;
/** How many seconds' messages may come at once. */
const burstSeconds = 10;
/** Every message of an operation has its id; those of clients are uuids or numbers. */
const longestId = 256;
/** What a client that sends may have left unread, once it is known who it is, and before. */
const mostUnreadBytes = { known: 16 * 1024 * 1024, unknown: 512 * 1024 };
/** How long the farewell may take to reach a client that floods, of which nothing more is read (ms). */
const floodFarewellMs = 500;
/** RFC 6455: clients connect again. */
export const goingAway = 1001;
/** RFC 6455: a message that breaks a rule. Clients do not connect again by themselves. */
const policyViolation = 1008;
/** RFC 6455's registry: the server cannot do it now. */
const tryAgainLater = 1013;
/** setTimeout takes no more (ms). */
const longestTimer = 2 ** 31 - 1;

export interface SessionOptions {
  socket: WebSocket;
  /** of the request that opened it */
  token: string | null;
  /** of who opened it */
  address: string;
  /** what its lines in the log have in common */
  requestId: string;
  authenticator: Authenticator;
  operations: Operations;
  /** 0: any number */
  messagesPerSecond: number;
}

/** The conversation with one socket: graphql-transport-ws, with graphql-ws's messages and close codes. */
export class Session {
  readonly #socket: WebSocket;
  readonly #authenticator: Authenticator;
  readonly #address: string;
  readonly #requestId: string;
  readonly #operations: Operations;
  readonly #messages: Bucket | null;
  readonly #running = new Map<string, Subscriber>();
  readonly #onDone = (id: string) => void this.#running.delete(id);
  /** what is being done: a mutation goes on although nobody waits for it any more */
  readonly #inHand = new Set<Subscriber>();
  #token: string | null;
  #actor: Actor | null = null;
  #isIntroduced = false;
  #patience: NodeJS.Timeout | null;
  #expiry: NodeJS.Timeout | undefined;

  constructor({ socket, token, address, requestId, authenticator, operations, messagesPerSecond }: SessionOptions) {
    this.#socket = socket;
    this.#token = token;
    this.#authenticator = authenticator;
    this.#address = address;
    this.#requestId = requestId;
    this.#operations = operations;
    this.#messages = messagesPerSecond > 0 ? new Bucket(messagesPerSecond, messagesPerSecond * burstSeconds) : null;
    this.#patience = setTimeout(() => this.#close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'), introductionMs);
  }

  /** Whose it is; null for nobody yet. */
  get token(): string | null {
    return this.#actor && this.#token;
  }

  /** One message of the client. Never rejects. */
  receive(data: string): Promise<void> {
    return inLogContext({ requestId: this.#requestId }, () => this.#receive(data));
  }

  async #receive(data: string): Promise<void> {
    // ws hands on what comes after our farewell until the client has answered it, which a client need not do.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // Whoever asks on and reads nothing has all answers kept here; a word of farewell would be kept too.
    if (this.#socket.bufferedAmount > (this.#actor ? mostUnreadBytes.known : mostUnreadBytes.unknown)) return this.#socket.terminate();
    if (this.#isFlood()) return;
    let message;
    try {
      message = parseMessage(data);
    } catch {
      return this.#close(CloseCode.BadRequest, 'Invalid message received');
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#introduce(message);
      case MessageType.Ping:
        return this.#socket.send(stringifyMessage<MessageType.Pong>({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) }));
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message, data.length);
      case MessageType.Complete:
        return this.#running.get(message.id)?.leave();
      default:
        return this.#close(CloseCode.BadRequest, `A client does not send ${message.type}`);
    }
  }

  /** A ping or a pong of the client below its messages: ws has answered it, which costs as much as a message does. */
  count(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#isFlood();
  }

  /** Whose the token is by now; null for nobody. What is running has the rights that it began with, so that another role begins anew. */
  confirm(identity: Identity | null): void {
    if (!identity) this.forbid();
    else if (this.#actor && identity.actor.role !== this.#actor.role) this.#close(goingAway, 'The role has changed');
  }

  /** The token opens nothing any more. */
  forbid(): void {
    this.#close(CloseCode.Forbidden, 'Forbidden');
  }

  /** The socket is closed. */
  end(): void {
    this.#stopWaiting();
    clearTimeout(this.#expiry);
    for (const subscriber of [...this.#running.values()]) subscriber.leave();
  }

  /** Counts what has come. Of what is too much nothing more is read. */
  #isFlood(): boolean {
    if (this.#messages === null || this.#messages.take(1, performance.now()) === 0) return false;
    this.#close(policyViolation, 'Too many messages (LIMIT_MESSAGES_PER_SECOND)');
    // To read the rest of a flood, until its client agrees, costs as much as the flood.
    this.#socket.pause();
    setTimeout(() => this.#socket.terminate(), floodFarewellMs).unref();
    return true;
  }

  async #introduce({ payload }: ConnectionInitMessage): Promise<void> {
    if (this.#isIntroduced) return this.#close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    this.#isIntroduced = true;
    this.#stopWaiting();
    const given = payload?.['authorization'];
    if (given !== undefined) this.#token = bearer(given);
    let identity: Identity | null;
    try {
      identity = await this.#authenticator.identify(this.#token, () => this.#address);
    } catch (error) {
      if (error instanceof OutriderError && error.code === 'RATE_LIMITED') return this.#close(CloseCode.TooManyInitialisationRequests, error.message);
      // The database or the issuer would have to say who it is. 4403 would sign a dashboard out; after this it tries again.
      return this.#close(tryAgainLater, error instanceof OutriderError ? error.message : 'The database does not answer.');
    }
    if (!identity) return this.forbid();
    // It was closed meanwhile, and nobody would clear what waits for the end of its key.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#actor = identity.actor;
    if (identity.expiresAt !== null) this.#forbidAt(identity.expiresAt);
    this.#socket.send(stringifyMessage<MessageType.ConnectionAck>({ type: MessageType.ConnectionAck }));
  }

  async #subscribe({ id, payload }: SubscribeMessage, length: number): Promise<void> {
    if (!this.#actor) return this.#close(CloseCode.Unauthorized, 'Unauthorized');
    if (id.length > longestId) return this.#close(CloseCode.BadRequest, `An id has ${longestId} characters at most`);
    if (this.#running.has(id)) return this.#close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    const subscriber = new Subscriber(this.#socket, this.#actor, { id, length }, this.#onDone);
    this.#running.set(id, subscriber);
    this.#inHand.add(subscriber);
    const running = new Set([...this.#running.values(), ...this.#inHand]);
    await this.#operations.run(payload, this.#actor, subscriber, running).finally(() => this.#inHand.delete(subscriber));
  }

  #forbidAt(time: number): void {
    const leftMs = time - Date.now();
    if (leftMs <= 0) return this.forbid();
    this.#expiry = setTimeout(() => this.#forbidAt(time), Math.min(leftMs, longestTimer));
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience ?? undefined);
    this.#patience = null;
  }

  #close(code: number, reason: string): void {
    // It may quote the client, and has 123 bytes at most.
    this.#socket.close(code, reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 123));
  }
}
