import { GraphQLError, parse, type DocumentNode } from 'graphql';
import type { CheckDocument } from '../../limits/checkDocument.ts';
import { RecentDocuments } from '../../execution/RecentDocuments.ts';

/** The documents that sockets send. Front ends send few, again and again, so that the last ones are remembered. */
export class Documents {
  readonly #check: CheckDocument;
  readonly #maxTokens: number | undefined;
  readonly #known = new RecentDocuments();

  constructor(check: CheckDocument, maxTokens: number | undefined) {
    this.#check = check;
    this.#maxTokens = maxTokens;
  }

  /** @throws {InvalidDocument} */
  read(query: string): DocumentNode {
    const document = this.#known.get(query) ?? this.#parse(query);
    this.#known.set(query, document);
    return document;
  }

  #parse(query: string): DocumentNode {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: this.#maxTokens });
    } catch (error) {
      throw new InvalidDocument([coded((error as Error).message, 'GRAPHQL_PARSE_FAILED')]);
    }
    const errors = this.#check(document);
    if (errors.length === 0) return document;
    throw new InvalidDocument(errors);
  }
}

/** A document that cannot be parsed, or that the schema does not know. */
export class InvalidDocument extends Error {
  readonly errors: readonly GraphQLError[];
  /** of the first */
  readonly code: unknown;

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
    this.code = errors[0]?.extensions['code'];
  }
}

export const coded = (message: string, code: string): GraphQLError => new GraphQLError(message, { extensions: { code } });
