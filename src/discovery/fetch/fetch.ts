/** Gets a document from a public address. */
export type Fetch = (url: string | URL, options?: FetchOptions) => Promise<Fetched>;

export interface FetchOptions {
  /** such as accept or authorization; a redirect to another origin gets neither authorization nor cookie */
  headers?: Readonly<Record<string, string>>;
  /** of the body after decompression; 2 MB unless told, and at most */
  maximumBytes?: number;
  /** cuts what is longer, instead of refusing it */
  truncate?: boolean;
  /** answers that the caller understands, besides 2xx: these are not thrown (and not tried again) */
  accept?(status: number): boolean;
  /** asked before a redirect is followed: what it throws ends the fetch */
  beforeRedirect?(url: URL): Promise<void>;
}

export interface Fetched {
  /** where the last redirect led */
  url: URL;
  status: number;
  headers: FetchedHeaders;
  body: Buffer;
  /** the body as UTF-8, for JSON APIs and robots.txt */
  text(): string;
  /** @throws {FetchError} NOT_JSON */
  json(): unknown;
}

/** Names in lower case; several headers of one name are joined by ", ". */
export type FetchedHeaders = Readonly<Record<string, string | undefined>>;

export type FetchErrorCode =
  /** an address, a host, a port or a scheme that is not fetched from */
  | 'ADDRESS_REFUSED'
  | 'HOST_NOT_FOUND'
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'TOO_LARGE'
  | 'TOO_MANY_REDIRECTS'
  /** longer than it is waited for */
  | 'RATE_LIMITED'
  /** an answer other than 2xx */
  | 'HTTP_STATUS'
  /** broken compression or headers */
  | 'BAD_RESPONSE'
  | 'NOT_JSON';

export interface FetchFailure {
  url: string;
  status?: number;
  /** what the server says with it, cut */
  body?: string;
  headers?: FetchedHeaders;
  cause?: unknown;
}

/** Why a document could not be had, after all attempts. The message is a sentence for people. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly code: FetchErrorCode;
  readonly url: string;
  readonly status: number | undefined;
  readonly body: string | undefined;
  readonly headers: FetchedHeaders;

  constructor(code: FetchErrorCode, message: string, { url, status, body, headers = {}, cause }: FetchFailure) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.url = url;
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
