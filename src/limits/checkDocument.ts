import { GraphQLError, NoSchemaIntrospectionCustomRule, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { DocumentLimits } from '../config/limits.ts';
import { countMerges } from './countMerges.ts';
import { measureDocument } from './measureDocument.ts';
import type { TrustedDocuments } from './TrustedDocuments.ts';

/** No directive of the schema may be given twice, so that more at one place are a flood. */
const directivesAtOnePlace = 5;
/** The validation looks at each pair of what is selected at one place: 100 selections of one object are as many as this. */
const mostMerges = 5_000;
/** Errors that one answer tells. */
const mostErrors = 20;

export interface DocumentRules {
  limits: DocumentLimits;
  introspection: boolean;
  /** the only ones that may be run; null: all */
  trusted: TrustedDocuments | null;
}

/** What keeps a document from being run, by its size before anything else is looked at; none when it may run. */
export type CheckDocument = (document: DocumentNode) => readonly GraphQLError[];

/** Each document is looked at once, as long as somebody keeps it. */
export function createDocumentCheck(schema: GraphQLSchema, { limits, introspection, trusted }: DocumentRules): CheckDocument {
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  return (document) => {
    const found = known.get(document);
    if (found) return found;
    const errors = check(document);
    known.set(document, errors);
    return errors;
  };

  function check(document: DocumentNode): readonly GraphQLError[] {
    const tooMuch = excessOf(document, limits);
    if (tooMuch !== null) return [invalid(tooMuch)];
    // Before the schema is asked, about which errors would tell.
    if (trusted !== null && !trusted.has(document)) return [notTrusted()];
    return validate(schema, document, rules, { maxErrors: mostErrors, hideSuggestions: true }).map(({ message, nodes }) => invalid(message, nodes));
  }
}

function excessOf(document: DocumentNode, limits: DocumentLimits): string | null {
  const size = measureDocument(document);
  if (exceeds(size.depth, limits.depth)) return `The document nests fields ${size.depth} deep; ${limits.depth} are allowed (LIMIT_DEPTH).`;
  if (exceeds(size.aliases, limits.aliases)) return `The document has ${size.aliases} aliases; ${limits.aliases} are allowed (LIMIT_ALIASES).`;
  if (exceeds(size.rootFields, limits.rootFields)) return `An operation has ${size.rootFields} root fields; ${limits.rootFields} are allowed (LIMIT_ROOT_FIELDS).`;
  if (exceeds(size.directives, limits.directives)) return `The document has ${size.directives} directives; ${limits.directives} are allowed (LIMIT_DIRECTIVES).`;
  if (size.directivesAtOnePlace > directivesAtOnePlace) return `One place of the document has ${size.directivesAtOnePlace} directives; ${directivesAtOnePlace} are allowed.`;
  if (countMerges(document, size.depth, mostMerges) > mostMerges) return `The document selects the same objects again and again, or spreads fragments in fragments, more than can be merged: ${mostMerges} places and pairs are allowed. Select each once.`;
  return null;
}

const exceeds = (value: number, limit: number): boolean => limit > 0 && value > limit;

const notTrusted = () =>
  new GraphQLError('This server runs only documents that it knows (TRUSTED_DOCUMENTS): add this one to the file of documents, and start the server again.', {
    extensions: { code: 'PERSISTED_QUERY_NOT_ALLOWED', http: { status: 400 } },
  });

const invalid = (message: string, nodes?: GraphQLError['nodes']) =>
  new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } });
