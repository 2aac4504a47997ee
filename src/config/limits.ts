import type { Variables } from './variables.ts';

/** What one request may ask for; 0 sets no limit. */
export interface DocumentLimits {
  /** fields inside fields */
  depth: number;
  aliases: number;
  /** root fields of one operation */
  rootFields: number;
  directives: number;
  /** lexical tokens of the document */
  tokens: number;
  /** points of the operation, pages counted by their size */
  cost: number;
}

export interface InputLimits {
  /** lists and objects inside each other, in the variables */
  depth: number;
  /** entries of one list */
  listSize: number;
}

/** Of each key; the points are those of the cost. */
export interface RateLimit {
  pointsPerSecond: number;
  burst: number;
}

export interface SocketLimits {
  /** open at a time, of one address */
  perAddress: number;
  /** running at a time on one socket */
  operations: number;
  messagesPerSecond: number;
}

/** Files and mails over HTTP that come or go at once in one process; 0 sets no limit. */
export interface TransferLimits {
  imports: number;
  exports: number;
  inbound: number;
}

export interface Limits {
  /** operations over HTTP that run at once in one process; 0 sets no limit */
  operations: number;
  transfers: TransferLimits;
  /** after which a client that sends or takes less than 1 kB a second is ended; 0: never */
  patienceMs: number;
  document: DocumentLimits;
  input: InputLimits;
  rate: RateLimit;
  sockets: SocketLimits;
  /** after which a GraphQL operation is ended; 0 sets none */
  deadlineMs: number;
  /** of the body of a GraphQL request */
  bodyBytes: number;
  /** of one message on a WebSocket */
  messageBytes: number;
  /** whether the schema may be asked for */
  introspection: boolean;
}

export function readLimits(values: Variables, isLoopback: boolean): Limits {
  return {
    operations: values.LIMIT_OPERATIONS,
    transfers: { imports: values.LIMIT_IMPORTS, exports: values.LIMIT_EXPORTS, inbound: values.LIMIT_INBOUND },
    patienceMs: values.CLIENT_PATIENCE_SECONDS * 1000,
    document: {
      depth: values.LIMIT_DEPTH,
      aliases: values.LIMIT_ALIASES,
      rootFields: values.LIMIT_ROOT_FIELDS,
      directives: values.LIMIT_DIRECTIVES,
      tokens: values.LIMIT_TOKENS,
      cost: values.LIMIT_COST,
    },
    input: { depth: values.LIMIT_VARIABLE_DEPTH, listSize: values.LIMIT_LIST_SIZE },
    rate: { pointsPerSecond: values.RATE_LIMIT, burst: values.RATE_LIMIT_BURST },
    sockets: { perAddress: values.LIMIT_SOCKETS_PER_ADDRESS, operations: values.LIMIT_OPERATIONS_PER_SOCKET, messagesPerSecond: values.LIMIT_MESSAGES_PER_SECOND },
    deadlineMs: values.REQUEST_DEADLINE_SECONDS * 1000,
    bodyBytes: values.LIMIT_BODY_BYTES,
    messageBytes: values.LIMIT_MESSAGE_BYTES,
    introspection: values.INTROSPECTION === undefined ? isLoopback : values.INTROSPECTION === 'on',
  };
}
