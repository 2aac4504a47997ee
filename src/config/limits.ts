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

export interface Limits {
  /** operations over HTTP that run at once in one process; 0 sets no limit */
  operations: number;
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
