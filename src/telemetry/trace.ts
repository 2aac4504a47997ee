/**
 * Spans of OpenTelemetry at our own seams: a request, an operation, a statement, a job, a chunk. While no exporter is
 * configured there is no tracer: `inSpan` calls its work, and nothing of OpenTelemetry is loaded.
 */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  traceparent: string;
  tracestate?: string | undefined;
}

export interface SpanStart {
  /** of few different values; never data */
  name: string;
  kind?: 'server' | 'client' | 'consumer' | 'internal';
  /** never data of people: no variables, no values of statements */
  attributes?: Attributes;
  /** who asked for it, in another process; what is active here unless told */
  parent?: TraceContext | null | undefined;
  /** It is told only if something came of it. */
  onlyWithChildren?: boolean;
  /** Its own statements are no children: it asks the database all the time. */
  withoutStatements?: boolean;
}

export interface Span {
  set(attributes: Attributes): void;
  /** `type`: a code or the name of an error, never its message: that may quote data */
  fail(type: string): void;
}

export interface Tracer {
  span<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T>;
  /** a span of a statement, where what is active asks for them */
  statement<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** of what is active; null outside of everything that has not ended */
  active(): { traceId: string; spanId: string; context: TraceContext } | null;
}

const noSpan: Span = { set: () => {}, fail: () => {} };

/** One a process, as what is active is a matter of its asynchronous calls and not of who was given what. */
let tracer: Tracer | null = null;

export function useTracer(next: Tracer | null): void {
  tracer = next;
}

export const isTracing = (): boolean => tracer !== null;

/** Runs `work` in a span; what rejects, fails it. */
export function inSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer ? tracer.span(start, work) : work(noSpan);
}

/** The same for a statement. `text` is stripped of its literals. */
export function inStatement<T>(text: string, work: () => Promise<T>): Promise<T> {
  return tracer ? tracer.statement(text, work) : work();
}

/** What another process needs to go on with the trace; null where there is none. */
export function activeTrace(): TraceContext | null {
  return tracer?.active()?.context ?? null;
}

/** What a line of the log says of the trace. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  const active = tracer?.active();
  return active ? { trace_id: active.traceId, span_id: active.spanId } : {};
}
