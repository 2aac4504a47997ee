import { z } from 'zod';
import { readTrustProxy } from './trustProxy.ts';

/** One address, with or without a name before it. Characters that separate or quote addresses belong into neither part of it. */
const mailbox = /^(?:[^<>\p{Cc}]*<[^<>@\s,;:"()[\]\\]+@[^<>@\s,;:"()[\]\\]+>|[^<>@\s,;:"()[\]\\]+@[^<>@\s,;:"()[\]\\]+)$/u;

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must look like postgresql://user:password@host:5432/database');

/** One Redis, or the servers of one NATS cluster. */
function isEventsUrl(text: string): boolean {
  const urls = text.split(',').map((url) => URL.parse(url.trim()));
  const areAll = (pattern: RegExp) => urls.every((url) => url !== null && pattern.test(url.protocol) && url.hostname !== '' && /^[/]?[\w-]*$/.test(url.pathname));
  return areAll(/^(nats|tls):$/) || (urls.length === 1 && (areAll(/^rediss?:$/) || areAll(/^postgres(ql)?:$/)));
}

const isOrigin = (text: string): boolean => /^https?:[^*]+$/.test(text) && URL.parse(text)?.origin === text;

function isTrustProxy(text: string): boolean {
  try {
    return readTrustProxy(text) !== undefined;
  } catch {
    return false;
  }
}

const limit = z.coerce.number('must be a whole number, or 0 for no limit').int('must be a whole number').min(0, 'must be 0 or more');
const bytes = z.coerce.number('must be a number of bytes').int('must be a whole number of bytes').min(1_024, 'must be 1024 or more').max(64 * 1024 * 1024, 'must be 67108864 or less');

const days = z.coerce.number('must be a number of days').int('must be a whole number of days').min(1, 'must be 1 or more').max(36_500, 'must be 36500 or less');

/** Every variable that Outrider reads, one line each; docs/configuration.md has the table for people. */
export const variables = z.object({
  /** The role that serves; without it an embedded PostgreSQL is started in DATA_DIR. */
  DATABASE_URL: postgresUrl.optional(),
  /** The role that migrates and repairs; DATABASE_URL's when absent. */
  DATABASE_OWNER_URL: postgresUrl.optional(),
  /** Streaming replicas of DATABASE_URL, comma-separated, that queries read from. */
  DATABASE_REPLICA_URLS: z.string().transform((urls) => urls.split(',').map((url) => url.trim()).filter((url) => url !== '')).pipe(z.array(postgresUrl)).optional(),
  /** Seconds that a replica may be behind. */
  DATABASE_REPLICA_MAX_LAG: z.coerce.number().min(0.5).max(3_600).default(5),
  /** Signs unsubscribe links and keys the hashes of suppressions; several, comma-separated, to rotate. Required unless HOST is loopback. */
  SECRET_KEY: z.string().refine((keys) => keys.split(',').every((key) => key.trim().length >= 16), 'each key must have at least 16 characters').optional(),
  /** Address to listen on. */
  HOST: z.string().default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** Who in front is believed about whom it asks for (X-Forwarded-For, -Proto, -Host): how many proxies, or their addresses and networks, comma-separated. Nobody when absent. */
  TRUST_PROXY: z.string().refine(isTrustProxy, 'must be the number of proxies, or their addresses and networks: 1, or 10.0.0.0/8, 192.168.1.7').optional(),
  /** Who issues JWTs, to whom they are addressed, and where the public keys are; all three or none. */
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must look like https://login.example.org/.well-known/jwks.json' }).optional(),
  /** Origins of other front ends that may use the API from a browser, comma-separated. None when absent. */
  CORS_ORIGINS: z.string().transform((origins) => origins.split(',').map((origin) => origin.trim()).filter((origin) => origin !== '')).refine((origins) => origins.every(isOrigin), 'must be origins as browsers write them, each by its name: https://app.example.org, http://localhost:5173').optional(),
  /** Who carries events between processes: Redis or NATS; PostgreSQL when absent. */
  EVENTS_URL: z.string().refine(isEventsUrl, 'must look like redis://user:password@host:6379 or nats://user:password@host:4222, with TLS rediss:// or tls://; or like DATABASE_URL, past its pooler').optional(),
  /** Seconds that a server goes on serving after SIGTERM while /health/ready says 503, so that load balancers find another. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(0),
  /** An admin token that works without the database; several, comma-separated, to rotate. Made at the first start when absent. */
  OUTRIDER_TOKEN: z.string().transform((tokens) => tokens.split(',').map((token) => token.trim())).refine((tokens) => tokens.every((token) => token.length >= 16), 'each token must have at least 16 characters').optional(),
  /** What a start does with a schema that cannot work. */
  SCHEMA_POLICY: z.enum(['strict', 'degrade', 'migrate']).optional(),
  /** Where the embedded database and the keys are kept. */
  DATA_DIR: z.string().default('.data'),
  /** The address that people reach this server by; links in mails start with it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must look like https://outreach.example.org' }).optional(),
  /** Where mails are handed in. */
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must look like smtps://user:password@host:465').optional(),
  /** Whom mails come from. */
  MAIL_FROM: z.string().max(320, 'must be 320 characters or fewer').regex(mailbox, 'must look like Ada <ada@example.org>, with one address on one line').optional(),
  /** Signs mails; all three or none. The key is PEM; line breaks may be written as \n. */
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_PRIVATE_KEY: z.string().includes('PRIVATE KEY', { error: 'must be a private key in PEM' }).optional(),
  /** Who is asked for the sender's DNS records, comma-separated: 9.9.9.9, 127.0.0.1:5353; the system's resolvers when absent. */
  DNS_SERVERS: z.string().optional(),
  /** The mailbox that answers arrive in. */
  IMAP_URL: z.string().regex(/^imaps?:\/\//, 'must look like imaps://user:password@host/INBOX').optional(),
  /** Where social messages are posted to, and what signs them; both or none. */
  SOCIAL_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must look like https://hooks.example.org/social' }).optional(),
  SOCIAL_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  /** How many seconds it may take to answer. */
  SOCIAL_WEBHOOK_TIMEOUT: z.coerce.number().min(1).max(600).default(30),
  /** An OpenAI-compatible endpoint that may write drafts; the URL and the model, or none. */
  LLM_BASE_URL: z.url({ protocol: /^https?$/, error: 'must look like https://api.example.org/v1' }).optional(),
  LLM_API_KEY: z.string().optional(),
  LLM_MODEL: z.string().optional(),
  /** Seconds that one request to it may take. */
  LLM_TIMEOUT: z.coerce.number().min(1).max(280).default(60),
  /** Hosts of an intranet that webhooks may be posted to, comma-separated: hooks.example:8080, 10.0.0.7. */
  WEBHOOK_ALLOWED_HOSTS: z.string().optional(),
  /** Hosts of an intranet that discovery may fetch from, comma-separated: wiki.example:8080, 10.0.0.7. */
  DISCOVERY_ALLOWED_HOSTS: z.string().optional(),
  /** The APIs that discovery asks; another GitHub is GitHub Enterprise's https://HOST/api/v3. */
  BLUESKY_URL: z.url({ protocol: /^https?$/, error: 'must look like https://public.api.bsky.app' }).default('https://public.api.bsky.app'),
  GITHUB_API_URL: z.url({ protocol: /^https?$/, error: 'must look like https://api.github.com' }).default('https://api.github.com'),
  /** Raises GitHub's rate limit; needs no rights. */
  GITHUB_TOKEN: z.string().optional(),
  /** Where traces go by OTLP over HTTP; none are made when absent. OpenTelemetry itself reads OTEL_EXPORTER_OTLP_… and OTEL_SERVICE_NAME. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().default('http/protobuf'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  /** Which traces are kept, and the share of them that traceidratio keeps. */
  OTEL_TRACES_SAMPLER: z.string().default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.string().default('1'),
  /** Days that the outcome of each target of a job that has ended is kept, its chunks and its fetched pages; for ever when absent. */
  RETENTION_JOB_DETAILS: days.optional(),
  /** Days that activities are kept, 30 at least; for ever when absent. */
  RETENTION_ACTIVITIES: days.min(30, 'must be 30 or more').optional(),
  /** Days that rejected and failed drafts are kept, and the earlier texts of drafts that are decided; for ever when absent. */
  RETENTION_DRAFTS: days.optional(),
  /** Days that messages are kept that never left, and mails that were no answer; for ever when absent. */
  RETENTION_MESSAGES: days.optional(),
  /** Days that deliveries to webhooks are kept after their end. */
  RETENTION_WEBHOOK_DELIVERIES: days.default(30),
  /** What one GraphQL request may ask for; 0 sets no limit. docs/limits.md says what each counts. */
  LIMIT_DEPTH: limit.default(20),
  LIMIT_ALIASES: limit.default(100),
  LIMIT_ROOT_FIELDS: limit.default(50),
  LIMIT_DIRECTIVES: limit.default(50),
  LIMIT_TOKENS: limit.default(2_000),
  LIMIT_COST: limit.default(20_000),
  /** GraphQL operations over HTTP that a server runs at once; who comes then is told to come later. */
  LIMIT_OPERATIONS: limit.default(256),
  /** Uploads of files, exports, and mails handed in, that a server has in hand at once. */
  LIMIT_IMPORTS: limit.default(3),
  LIMIT_EXPORTS: limit.default(3),
  LIMIT_INBOUND: limit.default(16),
  /** Seconds that a client may go on sending or taking less than 1 kB a second; 0 sets no limit. */
  CLIENT_PATIENCE_SECONDS: z.coerce.number().min(0).max(3_600).default(60),
  /** Lists and objects inside each other, and entries of one list, in the variables of a request. */
  LIMIT_VARIABLE_DEPTH: limit.default(20),
  LIMIT_LIST_SIZE: limit.default(10_000),
  /** Points a second that one key may use, and how many at once after a pause; 0 sets no limit. */
  RATE_LIMIT: limit.max(10_000_000, 'must be 10000000 or less').default(100_000),
  RATE_LIMIT_BURST: limit.min(1, 'must be 1 or more').max(1_000_000_000, 'must be 1000000000 or less').default(3_000_000),
  /** Sockets of one address, operations on one socket, and messages a second from it. */
  LIMIT_SOCKETS_PER_ADDRESS: limit.default(1_000),
  LIMIT_OPERATIONS_PER_SOCKET: limit.default(100),
  LIMIT_MESSAGES_PER_SECOND: limit.default(100),
  /** Seconds that a GraphQL operation may take, over HTTP or WebSocket, subscriptions, repairs, migrations and what decides on any number of rows excepted; 0 sets no limit. */
  REQUEST_DEADLINE_SECONDS: z.coerce.number().min(0).max(3_600).default(30),
  /** Bytes of the body of a GraphQL request, and of one message on a WebSocket. */
  LIMIT_BODY_BYTES: bytes.default(512 * 1024),
  LIMIT_MESSAGE_BYTES: bytes.default(256 * 1024),
  /** Whether the schema may be asked for, and GraphiQL is served: on or off; on where HOST is loopback. */
  INTROSPECTION: z.enum(['on', 'off'], 'must be on or off').optional(),
  /** The only documents that the API runs: "dashboard", or the path of a JSON file with more; every document when absent. */
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** trace, debug, info, warn, error, fatal or silent. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Variables = z.infer<typeof variables>;
