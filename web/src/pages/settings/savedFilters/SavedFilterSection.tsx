export function SavedFilterSection() {
  return null;
}
