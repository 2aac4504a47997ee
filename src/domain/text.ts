/** The text on one line: white space of any kind and length is one space. */
export const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The text without those of these characters that it ends with. An expression would look for the end from each of them. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

/** Why PostgreSQL could not keep this text, or null: NUL and lone surrogates have no place in UTF-8 text. */
export function textProblem(text: string): string | null {
  if (text.includes('\0')) return 'contains a NUL character';
  if (!text.isWellFormed()) return 'contains half of a surrogate pair';
  return null;
}

/** The same of JSON: of every text in it, and every key. */
export function textProblemWithin(value: unknown): string | null {
  let problem: string | null = null;
  JSON.stringify(value, (key, inner: unknown) => {
    problem ??= textProblem(key) ?? (typeof inner === 'string' ? textProblem(inner) : null);
    return inner;
  });
  return problem;
}
