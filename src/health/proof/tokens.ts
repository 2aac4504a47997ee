export interface Token {
  kind: 'string' | 'number' | 'name' | 'operator';
  /** of a string or a quoted name, what stands between its quotes; other names in lower case */
  text: string;
  quoted: boolean;
}

const pattern = /\s+|(E'(?:[^'\\]|''|\\[^])*')|('(?:[^']|'')*')|(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)|"((?:[^"]|"")+)"|([a-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(::|[()[\],.:]|[-+*/<>=~!@#%^&|`?]+)/giy;

/** The tokens of a deparsed expression; null when something in it is none that we know. */
export function tokensOf(sql: string): Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < sql.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(sql);
    if (!match || match.index !== at) return null;
    const [, escaped, plain, number, quoted, name, operator] = match;
    const string = escaped ?? plain;
    if (string !== undefined) {
      // Only with an E is a backslash more than itself; what it stands for is not worked out.
      if (/^e/i.test(string) && string.includes('\\')) return null;
      tokens.push({ kind: 'string', text: string.replace(/^e/i, '').slice(1, -1).replaceAll("''", "'"), quoted: true });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, quoted: false });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted.replaceAll('""', '"'), quoted: true });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.toLowerCase(), quoted: false });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, quoted: false });
  }
  return tokens;
}
