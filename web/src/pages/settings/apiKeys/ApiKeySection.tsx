export function ApiKeySection() {
  return null;
}
