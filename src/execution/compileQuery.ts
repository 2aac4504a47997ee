import {
  Kind, OperationTypeNode, visit,
  type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode,
} from 'graphql';
import { compileAnswer, type CompiledAnswer } from './compileAnswer.ts';

/** A query that decides by more variables than these has too many forms to compile each. */
const mostConditions = 4;

/**
 * Compiles a query, by need, once for each combination of what its @skip and @include are given. Answers null for what is
 * left to graphql-js: whatever changes something, and introspection.
 *
 * @returns the answer that coerced variables choose; null where it is not compiled
 */
export function compileQuery(
  schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode,
): ((variables: Readonly<Record<string, unknown>>) => CompiledAnswer | null) | null {
  if (operation.operation !== OperationTypeNode.QUERY) return null;
  const conditions = conditionsOf(document);
  if (conditions.length > mostConditions) return null;
  const fragments = Object.fromEntries(
    document.definitions.filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION).map((fragment) => [fragment.name.value, fragment]),
  );
  const forms = new Map<string, CompiledAnswer | null>();
  const formOf = (variables: Readonly<Record<string, unknown>>): CompiledAnswer | null => {
    const key = conditions.map((name) => String(variables[name])).join();
    let form = forms.get(key);
    if (form === undefined) {
      form = compileForm({ schema, fragments, operation, conditions: Object.fromEntries(conditions.map((name) => [name, variables[name]])) });
      forms.set(key, form);
    }
    return form;
  };
  // Without conditions it is known now whether there is anything to compile.
  return conditions.length > 0 || formOf({}) ? formOf : null;
}

function compileForm(source: Parameters<typeof compileAnswer>[0]): CompiledAnswer | null {
  try {
    return compileAnswer(source);
  } catch {
    return null;
  }
}

/** The variables that directives of the document ask for. */
function conditionsOf(document: DocumentNode): string[] {
  const found = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) found.add(value.name.value);
    },
  });
  return [...found];
}
