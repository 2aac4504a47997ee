/**
 * What SQL is made of where its literals hide: comments and quoted names, which may hold quotation marks; strings with
 * escapes, ordinary ones and those between dollars; a string that does not end; numbers, but not those in names and placeholders.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const tokens = /--[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"]|"")*")|(?<!\w)[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\2\$|'[\s\S]*$|(?<![\w$.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)/g;

const maxLength = 2_000;

/** The statement with `?` for every literal and without comments: what was written into it may be data of people. */
export function withoutLiterals(text: string): string {
  const bare = text.replace(tokens, (token, quotedName?: string) => {
    if (quotedName !== undefined) return token;
    return token.startsWith('--') || token.startsWith('/*') ? '' : '?';
  });
  return bare.replace(/\s+/g, ' ').trim().slice(0, maxLength);
}
