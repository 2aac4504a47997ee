/**
 * "Full name = displayName", one a line.
 * @returns null for an empty text; a string says which line is wrong
 */
export function readMapping(text: string): Readonly<Record<string, string>> | null | string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const mapping: Record<string, string> = {};
  for (const line of lines) {
    const place = line.lastIndexOf('=');
    const column = line.slice(0, place).trim();
    const field = line.slice(place + 1).trim();
    if (place < 0 || column === '' || field === '') return `“${line.trim()}” is not of the form: column = field`;
    mapping[column] = field;
  }
  return lines.length > 0 ? mapping : null;
}
