export function DiscoverySection() {
  return null;
}
