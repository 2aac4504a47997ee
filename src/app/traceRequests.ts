import type { IncomingMessage, RequestListener } from 'node:http';
import { inSpan, isTracing, type TraceContext } from '../telemetry/trace.ts';

/** What is traced, by the first part of its path; the rest of a path may be a token. Probes, metrics and files are asked for too often to tell anything. */
const routes = new Set(['graphql', 'import', 'export', 'inbound', 'unsubscribe', 'login']);

/** Each request a span, the child of who asked where they say who they are. Where no traces are made it is `handle` itself. */
export function traceRequests(handle: RequestListener): RequestListener {
  if (!isTracing()) return handle;
  return (request, response) => {
    const route = /^\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    if (!routes.has(route)) return handle(request, response);
    const method = request.method ?? '';
    void inSpan(
      { name: `${method} /${route}`, kind: 'server', parent: callerOf(request), attributes: { 'http.request.method': method, 'http.route': `/${route}` } },
      (span) =>
        new Promise<void>((resolve) => {
          response.once('close', () => {
            span.set({ 'http.response.status_code': response.statusCode });
            if (!response.writableFinished) span.fail('aborted');
            else if (response.statusCode >= 500) span.fail(String(response.statusCode));
            resolve();
          });
          handle(request, response);
        }),
    );
  };
}

function callerOf({ headers }: IncomingMessage): TraceContext | null {
  const { traceparent, tracestate } = headers;
  return typeof traceparent === 'string' ? { traceparent, tracestate: typeof tracestate === 'string' ? tracestate : undefined } : null;
}
