import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span as OtelSpan, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, hostDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/tracing.ts';
import { version } from '../config/version.ts';
import { samplerOf } from './samplerOf.ts';
import { type Span, type SpanStart, type TraceContext, type Tracer, useTracer } from './trace.ts';
import { withoutLiterals } from './withoutLiterals.ts';

export interface Tracing {
  /** Hands in what is left; a receiver that does not answer holds it up for as long as OTEL_EXPORTER_OTLP_TIMEOUT says. */
  close(): Promise<void>;
}

/** How often a failing exporter is spoken of (ms). */
const complaintMs = 300_000;

/**
 * Exports spans by OTLP over HTTP (protobuf). Endpoint, headers, time-out, compression and certificates are read by the exporter
 * from OTEL_EXPORTER_OTLP_…, the resource from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
 * Import it only where spans are exported: it loads OpenTelemetry.
 */
export function openTracing(settings: TracingSettings, log: { warn(details: object, message: string): void }): Tracing {
  let complainedAt = -Infinity;
  setGlobalErrorHandler((error) => {
    if (performance.now() - complainedAt < complaintMs) return;
    complainedAt = performance.now();
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'traces cannot be handed in: correct OTEL_EXPORTER_OTLP_ENDPOINT or what listens there; requests go on without them');
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'outrider', 'service.version': version, 'process.pid': process.pid })
      .merge(detectResources({ detectors: [hostDetector, envDetector] })),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  useTracer(new OtelTracer(provider));
  return {
    async close() {
      useTracer(null);
      await provider.shutdown().catch(() => {});
    },
  };
}

/** What is active in a chain of asynchronous calls. */
interface Active {
  context: Context;
  span: OtelSpan;
  withoutStatements: boolean;
  hasChildren: boolean;
  /** A timer that was set in a span outlives it; nothing becomes a child of what has ended. */
  hasEnded: boolean;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL };
const propagator = new W3CTraceContextPropagator();
const carrier = {
  get: (from: TraceContext, key: string) => from[key as keyof TraceContext],
  keys: (from: TraceContext) => Object.keys(from),
  set: (to: Partial<TraceContext>, key: string, value: string) => void (to[key as keyof TraceContext] = value),
};

class OtelTracer implements Tracer {
  readonly #tracer: ReturnType<TracerProvider['getTracer']>;
  readonly #storage = new AsyncLocalStorage<Active>();

  constructor(provider: TracerProvider) {
    this.#tracer = provider.getTracer('outrider', version);
  }

  async span<T>({ name, kind = 'internal', attributes = {}, parent, onlyWithChildren = false, withoutStatements = false }: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
    const outer = this.#live();
    if (outer) outer.hasChildren = true;
    const above = parent ? propagator.extract(ROOT_CONTEXT, parent, carrier) : (outer?.context ?? ROOT_CONTEXT);
    const span = this.#tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, above);
    const active: Active = { context: trace.setSpan(above, span), span, withoutStatements, hasChildren: false, hasEnded: false };
    const fail = (type: string) => {
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    };
    try {
      return await this.#storage.run(active, () => work({ set: (more) => void span.setAttributes({ ...more }), fail }));
    } catch (error) {
      fail(typeOf(error));
      throw error;
    } finally {
      active.hasEnded = true;
      if (!onlyWithChildren || active.hasChildren) span.end();
    }
  }

  async statement<T>(text: string, work: () => Promise<T>): Promise<T> {
    const outer = this.#live();
    if (!outer || outer.withoutStatements || !outer.span.isRecording()) return work();
    const bare = withoutLiterals(text);
    const operation = /^\w+/.exec(bare)?.[0].toUpperCase() ?? 'SQL';
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation, 'db.query.text': bare };
    return this.span({ name: operation, kind: 'client', attributes }, work);
  }

  active(): ReturnType<Tracer['active']> {
    const live = this.#live();
    if (!live) return null;
    const { traceId, spanId } = live.span.spanContext();
    const context: Partial<TraceContext> = {};
    propagator.inject(live.context, context, carrier);
    return context.traceparent ? { traceId, spanId, context: context as TraceContext } : null;
  }

  #live(): Active | null {
    const active = this.#storage.getStore();
    return active && !active.hasEnded ? active : null;
  }
}

/** A code where there is one: SQLSTATE, ours, Node's, GraphQL's. */
function typeOf(error: unknown): string {
  const { code: own, name, extensions } = (error ?? {}) as { code?: unknown; name?: unknown; extensions?: { code?: unknown } };
  const code = own ?? extensions?.code;
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error';
}
