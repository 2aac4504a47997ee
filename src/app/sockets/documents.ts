import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { maxTokens } from '../apollo.ts';

const mostRemembered = 200;
const longestRemembered = 10_000;

/** The documents that sockets send. Front ends send few, again and again, so that the last ones are remembered. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @throws {InvalidDocument} */
  read(query: string): DocumentNode {
    const known = this.#known.get(query);
    if (known) return known;
    const document = this.#check(query);
    if (query.length <= longestRemembered) {
      this.#known.set(query, document);
      if (this.#known.size > mostRemembered) this.#known.delete(this.#known.keys().next().value!);
    }
    return document;
  }

  #check(query: string): DocumentNode {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens });
    } catch (error) {
      throw new InvalidDocument([coded((error as Error).message, 'GRAPHQL_PARSE_FAILED')]);
    }
    const errors = validate(this.#schema, document, undefined, { maxErrors: 20, hideSuggestions: true });
    if (errors.length === 0) return document;
    throw new InvalidDocument(errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })));
  }
}

/** A document that cannot be parsed, or that the schema does not know. */
export class InvalidDocument extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

export const coded = (message: string, code: string): GraphQLError => new GraphQLError(message, { extensions: { code } });
