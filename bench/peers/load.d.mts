/** The parts of autocannon's options and answer that are used. */
export function load(options: { url: string; headers: Record<string, string>; body: string; connections: number; duration: number; expectBody: string }): Promise<{
  latency: { p99: number };
  requests: { average: number };
  errors: number;
  timeouts: number;
  non2xx: number;
  mismatches: number;
}>;
