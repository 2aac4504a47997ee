/** What the address of the page holds. */
export type SettingsSearch = Record<string, never>;

export function settingsSearch(_search: Record<string, unknown>): SettingsSearch {
  return {};
}
