/** What channels start with: "outrider", and the path of the URL where several installations share a broker. */
export function namespaceOf(url: string): string {
  const name = new URL(url).pathname.replaceAll('/', '');
  return name === '' ? 'outrider' : `outrider.${name}`;
}
