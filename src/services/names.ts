import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { textProblem } from '../domain/text.ts';

const longest = 200;

/** A name that a person gave, without the blanks around it. @throws {UserErrors} INVALID */
export function readName(given: string): string {
  const name = given.trim();
  const invalid = (message: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', 'name'] });
  if (name === '') throw invalid('The name must not be empty.');
  if (name.length > longest) throw invalid(`The name may have ${longest} characters at most.`);
  const problem = textProblem(name);
  if (problem) throw invalid(`The name ${problem}.`);
  return name;
}

/** @param what such as "template" */
export function nameTaken(what: string, target?: string): UserErrors {
  return new UserErrors({ code: UserErrorCode.CONFLICT, message: `There is a ${what} with this name already.`, field: ['input', 'name'], target });
}
