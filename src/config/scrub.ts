/** What looks like a secret or like an address of somebody, wherever it stands in a line; never the letter of an escape such as \n. */
const patterns: readonly [pattern: RegExp, instead: string][] = [
  [/(:\/\/)[^\s/"@:]*:[^\s/"@]+@/g, '$1[secret]@'],
  [/\b(Bearer|Basic) [^\s"\\]+/gi, '$1 [secret]'],
  [/([?&]token=)[^&\s"\\]+/gi, '$1[secret]'],
  [/outrider_token=[^;\s"\\]+/g, 'outrider_token=[secret]'],
  [/outrider_(?:\w+_)?[\w-]{40,}/g, '[secret]'],
  [/eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[secret]'],
  [/(?<!\\(?:u[\da-f]{0,3})?)[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+/g, '[address]'],
];

/** Shorter ones would be found in ordinary words. */
const shortestSecret = 8;

/**
 * Takes secrets and addresses out of a line of the log: those that are configured, and what looks like one. It is the
 * last resort: whoever logs names no data in the first place.
 */
export function createScrub(secrets: readonly string[]): (line: string) => string {
  const scrubKnown = createSecretScrub(secrets);
  return (line) => patterns.reduce((text, [pattern, instead]) => text.replace(pattern, instead), scrubKnown(line));
}

/** Takes out those that are configured and nothing else, so that what a sentence of ours gives as an example stays. */
export function createSecretScrub(secrets: readonly string[]): (line: string) => string {
  const known = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), decoded(secret)]).filter((secret) => secret.length >= shortestSecret);
  // As it stands, and as it stands in JSON.
  const written = [...new Set(known.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))].sort((a, b) => b.length - a.length);
  return (line) => written.reduce((text, secret) => (text.includes(secret) ? text.replaceAll(secret, '[secret]') : text), line);
}

/** Passwords in URLs are encoded; who fails to use one may quote it as it is. */
function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}
