/** What models leave for somebody to fill in: `{{ name }}`, `{% if %}`, `{name}`, `[Your Name]` (no Markdown link), `<data>`, `<your name>`. */
const everyPlaceholder = /\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|\{[\p{L}_][^{}\n]{0,60}\}|\[\p{L}[^[\]\n]{0,60}\](?!\()|<\/?data>|<(?:your|my|the|insert|recipient|sender|first|last|full|company|name)\b[^<>\n]{0,60}>/giu;

/** The first placeholder in a text, 60 characters of it; null where there is none. What the data has itself is none. */
export function findPlaceholder(text: string, data: string): string | null {
  for (const [found] of text.matchAll(everyPlaceholder)) {
    if (!data.includes(found)) return found.slice(0, 60);
  }
  return null;
}
