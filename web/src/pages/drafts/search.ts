/** What the address of the page holds. */
export type DraftsSearch = Record<string, never>;

export function draftsSearch(_search: Record<string, unknown>): DraftsSearch {
  return {};
}
