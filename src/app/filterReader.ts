import { coerceInputValue, isInputObjectType, type GraphQLSchema } from 'graphql';
import { OutriderError } from '../domain/errors.ts';
import type { ProspectFilter } from '../entities/prospectFilter.ts';
import { filterByUuids } from '../queries/filters.ts';

/** What a client misspells is answered without the names of the schema, as over GraphQL. */
const hideSuggestions = true;

/** Reads a ProspectFilter that did not come through GraphQL, by the same rules. */
export function filterReader(schema: GraphQLSchema): (json: unknown) => ProspectFilter {
  const type = schema.getType('ProspectFilter');
  if (!isInputObjectType(type)) throw new Error('The schema has no ProspectFilter.');
  return (json) => {
    const refuse = (path: readonly (string | number)[], _value: unknown, { message }: Error) => {
      throw new OutriderError('BAD_USER_INPUT', `The filter is no ProspectFilter${path.length > 0 ? `, at ${path.join('.')}` : ''}: ${message}`);
    };
    const value = coerceInputValue(json, type, refuse, hideSuggestions) as ProspectFilter | null;
    if (value === null) throw new OutriderError('BAD_USER_INPUT', 'The filter is null: leave it out to export every prospect.');
    const filter = filterByUuids(value);
    if (!filter) throw new OutriderError('BAD_USER_INPUT', 'The filter names a job or a batch that does not exist.');
    return filter;
  };
}
