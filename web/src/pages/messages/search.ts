/** What the address of the page holds. */
export type MessagesSearch = Record<string, never>;

export function messagesSearch(_search: Record<string, unknown>): MessagesSearch {
  return {};
}
