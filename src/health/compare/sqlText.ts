/** Stands for what could not be read because its table is locked. */
const NOT_READ = '(not read)';

/** Whether two deparsed expressions are spelled the same; what was not read counts as the same, and is reported as unverified. */
export function sameText(expected: string | null, actual: string | null): boolean {
  if (expected === NOT_READ || actual === NOT_READ) return true;
  if (expected === null || actual === null) return expected === actual;
  return normalised(expected) === normalised(actual);
}

/** Comments out, white space outside of quotes collapsed. */
export function normalised(sql: string): string {
  const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\s+/g;
  return sql.replace(token, (text) => (text.startsWith("'") || text.startsWith('"') ? text : ' ')).replace(/ +/g, ' ').trim();
}
