/** The browser's storage without headers: GraphiQL's history keeps them, and any script of the page could read a token among them. */
export const storage = {
  get length(): number {
    return localStorage.length;
  },
  getItem: (name: string): string | null => localStorage.getItem(name),
  setItem: (name: string, text: string): void => localStorage.setItem(name, withoutHeaders(text)),
  removeItem: (name: string): void => localStorage.removeItem(name),
  clear: (): void => localStorage.clear(),
};

function withoutHeaders(text: string): string {
  if (!text.includes('"headers"')) return text;
  try {
    return JSON.stringify(JSON.parse(text, (name, value: unknown) => (name === 'headers' ? null : value)));
  } catch {
    return text;
  }
}
