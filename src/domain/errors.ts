/** Expected failures of a mutation; the codes of the contract's UserErrorCode. */
export enum UserErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  ILLEGAL_TRANSITION = 'ILLEGAL_TRANSITION',
  STALE = 'STALE',
  SUPPRESSED = 'SUPPRESSED',
  FORBIDDEN = 'FORBIDDEN',
  SCHEMA_NOT_READY = 'SCHEMA_NOT_READY',
  NOT_CONFIGURED = 'NOT_CONFIGURED',
  UNSUPPORTED = 'UNSUPPORTED',
  RATE_LIMITED = 'RATE_LIMITED',
}

/** An expected failure as data: what happened, where in the input, and what is allowed instead. */
export interface UserError {
  code: UserErrorCode;
  message: string;
  /** path into the input, such as ["input", "ids", "3"] */
  field?: string[];
  /** global id of the entity concerned */
  target?: string;
  /** for ILLEGAL_TRANSITION: the states that are allowed from here, in the contract's spelling */
  allowed?: string[];
}

/**
 * Thrown inside a service's transaction to roll it back with an expected failure; the service's caller
 * (the resolver) turns it into `userErrors`.
 */
export class UserErrors extends Error {
  override readonly name = 'UserErrors';
  readonly errors: readonly UserError[];

  constructor(...errors: UserError[]) {
    super(errors.map((error) => error.message).join(' '));
    this.errors = errors;
  }
}

/** `extensions.code` of every GraphQL error that is not a userError, with its HTTP status. */
export const errorStatus = {
  UNAUTHENTICATED: 401,
  AUTHENTICATION_UNAVAILABLE: 503,
  FORBIDDEN: 200,
  BAD_USER_INPUT: 200,
  NOT_FOUND: 200,
  RATE_LIMITED: 429,
  MAX_COST_EXCEEDED: 400,
  SCHEMA_NOT_READY: 200,
  DATABASE_UNAVAILABLE: 200,
  DATA_INTEGRITY: 200,
  INTERNAL_SERVER_ERROR: 200,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  PERSISTED_QUERY_NOT_ALLOWED: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  TIMEOUT: 200,
  DEADLINE_EXCEEDED: 504,
  OVERLOADED: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** A failure whose code and message may be shown to the caller. */
export class OutriderError extends Error {
  override readonly name = 'OutriderError';
  readonly code: ErrorCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}
