import type { EventEmitter } from 'node:events';

export interface LoadRequest {
  body: string;
}

export interface LoadOptions {
  url: string;
  headers: Record<string, string>;
  connections: number;
  /** seconds */
  duration: number;
  body?: string;
  expectBody?: string;
  /** asked in turn, by each connection */
  requests?: (LoadRequest & { setupRequest?: (request: LoadRequest) => LoadRequest })[];
  /** requests a second over all connections; as fast as they are answered when absent */
  overallRate?: number;
  /** whether an answer is right */
  verifyBody?: (body: string) => boolean;
}

export interface LoadAnswer {
  latency: { p99: number };
  requests: { average: number };
  errors: number;
  timeouts: number;
  non2xx: number;
  mismatches: number;
}

/** The parts of autocannon's options, events and answer that are used: 'response' brings the client, the status, bytes and milliseconds. */
export function load(options: LoadOptions): Promise<LoadAnswer> & EventEmitter;
