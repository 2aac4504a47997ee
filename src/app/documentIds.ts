import type { Request, RequestHandler } from 'express';
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/errors.ts';
import { sendError } from '../http/errors.ts';
import { namedDocument } from '../limits/namedDocument.ts';
import type { TrustedDocuments } from '../limits/TrustedDocuments.ts';

/** Puts the text of a document where a request has its id, in the body or in the URL: what follows knows texts only. */
export function documentIds(trusted: TrustedDocuments | null): RequestHandler {
  return (request, response, next) => {
    try {
      if (request.method === 'GET') replaceInUrl(request, trusted);
      else replaceInBody(request, trusted);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return sendError(response, error.extensions['code'] as ErrorCode, error.message);
    }
    return next();
  };
}

function replaceInBody(request: Request, trusted: TrustedDocuments | null): void {
  const body: Record<string, unknown> = request.body;
  const text = namedDocument(body, trusted);
  if (text !== undefined) body['query'] = text;
  if (isRecord(body['extensions'])) body['extensions'] = withoutHash(body['extensions']);
}

function replaceInUrl(request: Request, trusted: TrustedDocuments | null): void {
  const { search, searchParams } = new URL(request.url, 'http://server');
  if (!/documentId|extensions/.test(search)) return;
  const extensions = readExtensions(searchParams.get('extensions'));
  const text = namedDocument({ query: searchParams.get('query'), documentId: searchParams.get('documentId'), extensions }, trusted);
  if (text !== undefined) searchParams.set('query', text);
  if (isRecord(extensions)) searchParams.set('extensions', JSON.stringify(withoutHash(extensions)));
  request.url = `/?${searchParams}`;
}

/** What is no JSON is left to whoever answers that. */
function readExtensions(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Apollo Server refuses a request with a hash, also where the text stands beside it. */
const withoutHash = ({ persistedQuery: _hash, ...others }: Record<string, unknown>) => others;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
