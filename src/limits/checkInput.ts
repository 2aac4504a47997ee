import { GraphQLError } from 'graphql';
import type { InputLimits } from '../config/limits.ts';

/** Names of one object: the largest input of the schema has a tenth of them. */
const mostNames = 1_000;

/** Why variables are not read: they nest too deep, or a list is too long; null when they are. Without recursion, whatever they are. */
export function checkInput(variables: unknown, { depth: deepest, listSize }: InputLimits): GraphQLError | null {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      // The variables themselves are no nesting.
      if (deepest > 0 && depth > deepest) return refused(`The variables nest lists and objects more than ${deepest} deep (LIMIT_VARIABLE_DEPTH).`);
      if (!Array.isArray(value)) {
        const names = Object.keys(value);
        if (names.length > mostNames) return refused(`An object of the variables has ${names.length} names; ${mostNames} are allowed.`);
        for (const name of names) if (isNested((value as Record<string, unknown>)[name])) next.push((value as Record<string, unknown>)[name]);
        continue;
      }
      if (listSize > 0 && value.length > listSize) return refused(`A list of the variables has ${value.length} entries; ${listSize} are allowed (LIMIT_LIST_SIZE).`);
      for (const entry of value) if (isNested(entry)) next.push(entry);
    }
    level = next;
  }
  return null;
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

const refused = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
