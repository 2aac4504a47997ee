import { getOperationAST } from 'graphql';
import { inSpan, isTracing } from '../telemetry/trace.ts';
import type { Executor } from './executor.ts';

/** Each operation a span: its type and its name, and nothing of its variables or of its text. Where no traces are made it is `execute` itself. */
export function traceOperations(execute: Executor): Executor {
  if (!isTracing()) return execute;
  return (request) => {
    const operation = getOperationAST(request.document, request.operationName);
    const type = operation?.operation ?? 'operation';
    const name = operation?.name?.value;
    return inSpan(
      { name: name === undefined ? type : `${type} ${name}`, attributes: { 'graphql.operation.type': type, ...(name === undefined ? {} : { 'graphql.operation.name': name }) } },
      async (span) => {
        const result = await execute(request);
        if (result.errors?.length) span.set({ 'outrider.graphql.errors': result.errors.length });
        return result;
      },
    );
  };
}
