import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { plainSecurityHeaders } from '../http/securityHeaders.ts';
import { currentRequestId } from '../telemetry/logContext.ts';
import { requestIdHeader } from './identifyRequests.ts';

const fixedHeaders = [...plainSecurityHeaders(), 'cache-control', 'no-store', 'content-type', 'application/json; charset=utf-8'];

/** The headers of an answer that neither Express nor Apollo has a part in: names and values in turn. */
export const plainHeaders = (): string[] => [...fixedHeaders, requestIdHeader, currentRequestId() ?? ''];

/** Answers such a request with an error, whose `extensions.http` says the status and further headers. */
export function answerPlainly(response: ServerResponse, { message, extensions }: GraphQLError): void {
  const { status, headers = new Map() } = extensions['http'] as { status: number; headers?: ReadonlyMap<string, string> };
  response.writeHead(status, [...plainHeaders(), ...[...headers].flat()]).end(JSON.stringify({ errors: [{ message, extensions: { code: extensions['code'] } }] }));
}
