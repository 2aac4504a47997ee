import { getOperationAST, type ExecutionResult } from 'graphql';
import { inSpan, isTracing, type Span } from '../telemetry/trace.ts';
import type { ExecutionRequest, Executor } from '../execution/executor.ts';

/** Each operation a span: its type and its name, and nothing of its variables or of its text. Where no traces are made it is the executor itself. */
export function traceOperations(executor: Executor): Executor {
  if (!isTracing()) return executor;
  return {
    ...executor,
    execute: (request) =>
      inSpan(spanOf(request), async (span) => {
        const result = await executor.execute(request);
        countErrors(span, result);
        return result;
      }),
    // Where it is not for it to answer, `execute` does, in a span of its own.
    write: (request) => inSpan({ ...spanOf(request), onlyWithChildren: true }, () => executor.write(request)),
  };
}

export function countErrors(span: Span, { errors }: ExecutionResult): void {
  if (errors?.length) span.set({ 'outrider.graphql.errors': errors.length });
}

/** The span of an operation, however it came. */
export function spanOf({ document, operationName }: Pick<ExecutionRequest, 'document' | 'operationName'>) {
  const operation = getOperationAST(document, operationName);
  const type = operation?.operation ?? 'operation';
  const name = operation?.name?.value;
  return { name: name === undefined ? type : `${type} ${name}`, attributes: { 'graphql.operation.type': type, ...(name === undefined ? {} : { 'graphql.operation.name': name }) } };
}
