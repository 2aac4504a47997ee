import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/errors.ts';
import type { TrustedDocuments } from './TrustedDocuments.ts';

/** A request, as far as it tells which document is meant. */
export interface DocumentRequest {
  query?: unknown;
  /** GraphQL over HTTP, appendix Persisted Documents */
  documentId?: unknown;
  /** persistedQuery.sha256Hash: Apollo's way */
  extensions?: unknown;
}

/**
 * The text of the document that is named by an id; undefined where there is none, or a text beside it, which is then what is run.
 *
 * @param trusted null: no document has an id
 * @throws {GraphQLError} PERSISTED_QUERY_NOT_FOUND, or PERSISTED_QUERY_NOT_SUPPORTED, upon which clients send the text
 */
export function namedDocument({ query, documentId, extensions }: DocumentRequest, trusted: TrustedDocuments | null): string | undefined {
  const id = documentId ?? (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery?.sha256Hash;
  if ((query !== undefined && query !== null && query !== '') || id === undefined || id === null) return undefined;
  if (trusted === null) throw refused('This server knows no documents by an id (TRUSTED_DOCUMENTS): send the text as "query".', 'PERSISTED_QUERY_NOT_SUPPORTED');
  const text = typeof id === 'string' ? trusted.textOf(id) : undefined;
  if (text === undefined) throw refused('No document has this id (TRUSTED_DOCUMENTS): add it to the file of documents, and start the server again.', 'PERSISTED_QUERY_NOT_FOUND');
  return text;
}

const refused = (message: string, code: ErrorCode): GraphQLError => new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
