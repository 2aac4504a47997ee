/** Variables that are a secret, or several that are comma-separated. PGPASSWORD is read by the client of PostgreSQL itself. */
const keys = ['OUTRIDER_TOKEN', 'SECRET_KEY', 'DKIM_PRIVATE_KEY', 'SOCIAL_WEBHOOK_SECRET', 'LLM_API_KEY', 'GITHUB_TOKEN', 'PGPASSWORD'];
/** URLs that may have a password, or several that are comma-separated. */
const urls = [
  'DATABASE_URL', 'DATABASE_OWNER_URL', 'DATABASE_REPLICA_URLS', 'EVENTS_URL', 'SMTP_URL', 'IMAP_URL', 'JWT_JWKS_URL', 'SOCIAL_WEBHOOK_URL', 'LLM_BASE_URL',
  'BLUESKY_URL', 'GITHUB_API_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
];
/** NAME=VALUE, comma-separated, the values encoded: what OpenTelemetry reads itself. */
const headers = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];

/** What must stand in no line, of an environment that need not be a valid one: keys, tokens, and the passwords of URLs. */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  const pieces = (names: readonly string[]) => names.flatMap((name) => (environment[name] ?? '').split(',')).map((piece) => piece.trim());
  const whole = keys.map((name) => environment[name]?.trim() ?? '');
  const found = [...whole, ...pieces(keys), ...urls.map((name) => environment[name] ?? '').flatMap((text) => [text, ...text.split(',')]).flatMap(passwordsOf), ...pieces(headers).map((header) => header.replace(/^[^=]*=/, ''))];
  return [...new Set(found.filter((secret) => secret !== ''))];
}

/** Who writes a password with a character that a URL gives a meaning to has no URL; its password is one all the same. */
function passwordsOf(text: string): string[] {
  const written = /^\s*[a-z][a-z\d+.-]*:\/\/[^:@/]*:(.+)@/is.exec(text)?.[1] ?? '';
  return [written, ...[...text.matchAll(/[?&]password=([^&#\s]+)/gi)].map(([, password]) => password!)];
}
