/** A word, a quoted name, a text, white space, or a sign. */
const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\w+|\s+|[^\s\w]/g;

const afterFrom = /^(WHERE|GROUP|HAVING|WINDOW|ORDER|LIMIT|OFFSET|FETCH|UNION|INTERSECT|EXCEPT|FOR)$/;
const manySources = /^(JOIN|,)$/;
const isName = /^["\w]/;

/**
 * One spelling of what pg_get_viewdef answers, whatever the version: until PostgreSQL 15 the columns of a query's only
 * table stand with its name, later without. Inside of further queries every version writes it.
 */
export function canonicalView(definition: string): string {
  const tokens = definition.match(token) ?? [];
  const levels = levelsOf(tokens);
  const from = tokens.findIndex((text, index) => text === 'FROM' && levels[index]?.depth === 0);
  if (from < 0) return collapse(tokens);
  const found = tokens.findIndex((text, index) => index > from && levels[index]?.depth === 0 && (afterFrom.test(text) || text === ';'));
  const sources = tokens.slice(from + 1, found < 0 ? undefined : found);
  const isSetOperation = tokens.some((text, index) => levels[index]?.depth === 0 && /^(UNION|INTERSECT|EXCEPT)$/.test(text));
  if (isSetOperation || sources.some((text, index) => manySources.test(text) && !levels[from + 1 + index]?.inQuery)) return collapse(tokens);
  const names = sources.filter((text) => isName.test(text));
  const alias = names.at(-1);
  const isNeeded = tokens.some((text, index) => text === alias && tokens[index + 1] === '.' && levels[index]?.inQuery);
  const aliasAt = /\s/.test(sources.join('').trim()) && !isNeeded ? tokens.findLastIndex((text, index) => text === alias && index > from && (found < 0 || index < found)) : -1;
  return collapse(
    tokens.filter((text, index) => {
      if (index === aliasAt) return false;
      const isPrefix = text === alias && tokens[index + 1] === '.' && tokens[index - 1] !== '.';
      const isDot = text === '.' && tokens[index - 1] === alias && tokens[index - 2] !== '.';
      return levels[index]?.inQuery || index > from && (found < 0 || index < found) || !(isPrefix || isDot);
    }),
  );
}

interface Level {
  /** of brackets */
  depth: number;
  /** inside of a query in brackets */
  inQuery: boolean;
}

function levelsOf(tokens: readonly string[]): Level[] {
  const open: boolean[] = [];
  return tokens.map((text, index) => {
    if (text === ')') open.pop();
    const level = { depth: open.length, inQuery: open.includes(true) };
    if (text === '(') open.push(/^(SELECT|WITH|VALUES)$/.test(tokens.slice(index + 1).find((next) => /\S/.test(next)) ?? ''));
    return level;
  });
}

function collapse(tokens: readonly string[]): string {
  return tokens.map((text) => (/^\s/.test(text) ? ' ' : text)).join('').replace(/;\s*$/, '').trim();
}
