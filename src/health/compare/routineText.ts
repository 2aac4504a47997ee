import { textOf } from '../proof/expression.ts';
import { normalForm } from '../proof/normalForm.ts';
import { readExpression } from '../proof/readExpression.ts';

const token = /('(?:[^']|'')*')|\$(\w*)\$([^]*?)\$\2\$|"((?:[^"]|"")+)"|--[^\n]*|\/\*[^]*?\*\/|\s+|([\w$\u0080-\uffff]+)|([-+*/<>=~!@#%^&|`?:]+)|(.)/g;

/** Whether two functions say the same: comments, white space, upper and lower case, and ways of quoting are no difference. */
export function sameBody(language: string, expected: string, actual: string): boolean {
  if (expected === actual) return true;
  if (language !== 'sql' && language !== 'plpgsql') return expected.trim() === actual.trim();
  return inOneForm(expected) === inOneForm(actual) || (language === 'sql' && sameResult(expected, actual));
}

function inOneForm(body: string): string {
  const words: string[] = [];
  for (const [, string, , dollars, quoted, word, operator, other] of body.matchAll(token)) {
    if (string !== undefined) words.push(string);
    else if (dollars !== undefined) words.push(`'${dollars.replaceAll("'", "''")}'`);
    else if (quoted !== undefined) words.push(/^[a-z_][a-z0-9_]*$/.test(quoted) ? quoted : `"${quoted}"`);
    else if (word !== undefined) words.push(word.toLowerCase());
    else if (operator !== undefined) words.push(...signed(operator));
    else if (other !== undefined) words.push(other);
  }
  while (words.at(-1) === ';') words.pop();
  return words.join(' ').replace(/(?<=^| )execute procedure(?= )/g, 'execute function');
}

/** PostgreSQL reads "=-1" as "= -1". */
function signed(operator: string): string[] {
  const [, rest, sign] = /^(.+)([-+])$/.exec(operator) ?? [];
  return rest !== undefined && sign !== undefined && !/[~!@#%^&|`?]/.test(rest) ? [rest, sign] : [operator];
}

/** return x, select x, begin atomic select x; end */
function sameResult(expected: string, actual: string): boolean {
  const [a, b] = [resultOf(expected), resultOf(actual)];
  return a !== null && a === b;
}

function resultOf(body: string): string | null {
  const [, inside] = /^\s*(?:begin\s+atomic\s+)?(?:return|select)\s+([^;]+?)(?:\s+as\s+(?:"[^"]*"|\w+))?\s*;?\s*(?:end\s*;?)?\s*$/i.exec(body) ?? [];
  const expression = inside === undefined ? null : readExpression(inside);
  return expression && textOf(normalForm(expression, { columns: {}, enums: {} }));
}
