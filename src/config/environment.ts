import { z } from 'zod';
import type { Limits } from './limits.ts';
import type { Outreach } from './outreach.ts';
import type { Retention } from './retention.ts';
import { samplers, type TracingSettings } from './tracing.ts';
import { readTrustProxy, trustNoProxy, type TrustProxy } from './trustProxy.ts';

/** A setting that cannot work; the message is one sentence that says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export const schemaPolicies = ['strict', 'degrade', 'migrate'] as const;
export type SchemaPolicy = (typeof schemaPolicies)[number];

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1']);

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
const schema = z.object({
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
  /** An admin token that works without the database; made at the first start when absent. */
  OUTRIDER_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** What a start does with a schema that cannot work. */
  SCHEMA_POLICY: z.enum(schemaPolicies).optional(),
  /** Where the embedded database and the keys are kept. */
  DATA_DIR: z.string().default('.data'),
  /** The address that people reach this server by; links in mails start with it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must look like https://outreach.example.org' }).optional(),
  /** Where mails are handed in. */
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must look like smtps://user:password@host:465').optional(),
  /** Whom mails come from. */
  MAIL_FROM: z.string().regex(/^(?:[^<>]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, 'must look like Ada <ada@example.org>').optional(),
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
  /** Seconds that a GraphQL operation may take, over HTTP or WebSocket, subscriptions, repairs, migrations and reviews excepted; 0 sets no limit. */
  REQUEST_DEADLINE_SECONDS: z.coerce.number().min(0).max(3_600).default(30),
  /** Bytes of the body of a GraphQL request, and of one message on a WebSocket. */
  LIMIT_BODY_BYTES: bytes.default(512 * 1024),
  LIMIT_MESSAGE_BYTES: bytes.default(256 * 1024),
  /** Whether the schema may be asked for: on or off; on where HOST is loopback. */
  INTROSPECTION: z.enum(['on', 'off'], 'must be on or off').optional(),
  /** The only documents that the API runs: "dashboard", or the path of a JSON file with more; every document when absent. */
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** trace, debug, info, warn, error, fatal or silent. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface Environment {
  databaseUrl: string | undefined;
  databaseOwnerUrl: string | undefined;
  /** redis:// or nats://; PostgreSQL carries events when absent */
  eventsUrl: string | undefined;
  replicas: { urls: readonly string[]; maxLagMs: number };
  host: string;
  port: number;
  /** which proxies are believed about whom they ask for */
  trustProxy: TrustProxy;
  drainSeconds: number;
  /** undefined: API keys only */
  jwt: { issuer: string; audience: string; jwksUrl: string } | undefined;
  /** origins of other front ends, such as https://app.example */
  corsOrigins: readonly string[];
  outriderToken: string | undefined;
  /** undefined: strict for `serve`, migrate for `start` and `demo` */
  schemaPolicy: SchemaPolicy | undefined;
  dataDir: string;
  logLevel: string;
  isLoopback: boolean;
  outreach: Outreach;
  retention: Retention;
  limits: Limits;
  /** "dashboard" or a path; undefined: every document is run */
  trustedDocuments: string | undefined;
  /** what must stand in no log: keys, tokens and passwords */
  secrets: readonly string[];
  /** undefined: no traces are made */
  tracing: TracingSettings | undefined;
}

/**
 * Reads and checks the environment.
 * @throws {ConfigurationError} naming the first variable that is wrong and what it must look like
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigurationError(`Set ${String(issue?.path[0])} to another value: ${issue?.message}.`);
  }
  const values = parsed.data;
  if (values.DATABASE_REPLICA_URLS !== undefined && values.DATABASE_URL === undefined) {
    throw new ConfigurationError('Set DATABASE_URL too, to the primary of the replicas, because DATABASE_REPLICA_URLS is set.');
  }
  const isLoopback = loopbackHosts.has(values.HOST);
  if (!isLoopback && values.SECRET_KEY === undefined) {
    throw new ConfigurationError(`Set SECRET_KEY to a long random text: it is required because HOST is ${values.HOST}.`);
  }
  return {
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    eventsUrl: values.EVENTS_URL,
    replicas: { urls: values.DATABASE_REPLICA_URLS ?? [], maxLagMs: values.DATABASE_REPLICA_MAX_LAG * 1000 },
    host: values.HOST,
    port: values.PORT,
    trustProxy: values.TRUST_PROXY === undefined ? trustNoProxy : readTrustProxy(values.TRUST_PROXY),
    drainSeconds: values.DRAIN_SECONDS,
    jwt: readJwt(values),
    corsOrigins: values.CORS_ORIGINS ?? [],
    outriderToken: values.OUTRIDER_TOKEN,
    schemaPolicy: values.SCHEMA_POLICY,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    isLoopback,
    outreach: readOutreach(values),
    retention: {
      jobDetails: values.RETENTION_JOB_DETAILS,
      activities: values.RETENTION_ACTIVITIES,
      drafts: values.RETENTION_DRAFTS,
      messages: values.RETENTION_MESSAGES,
      webhookDeliveries: values.RETENTION_WEBHOOK_DELIVERIES,
    },
    limits: {
      operations: values.LIMIT_OPERATIONS,
      document: {
        depth: values.LIMIT_DEPTH,
        aliases: values.LIMIT_ALIASES,
        rootFields: values.LIMIT_ROOT_FIELDS,
        directives: values.LIMIT_DIRECTIVES,
        tokens: values.LIMIT_TOKENS,
        cost: values.LIMIT_COST,
      },
      input: { depth: values.LIMIT_VARIABLE_DEPTH, listSize: values.LIMIT_LIST_SIZE },
      rate: { pointsPerSecond: values.RATE_LIMIT, burst: values.RATE_LIMIT_BURST },
      sockets: { perAddress: values.LIMIT_SOCKETS_PER_ADDRESS, operations: values.LIMIT_OPERATIONS_PER_SOCKET, messagesPerSecond: values.LIMIT_MESSAGES_PER_SECOND },
      deadlineMs: values.REQUEST_DEADLINE_SECONDS * 1000,
      bodyBytes: values.LIMIT_BODY_BYTES,
      messageBytes: values.LIMIT_MESSAGE_BYTES,
      introspection: values.INTROSPECTION === undefined ? isLoopback : values.INTROSPECTION === 'on',
    },
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    secrets: readSecrets(values),
    tracing: readTracing(values),
  };
}

function readSecrets(values: z.infer<typeof schema>): string[] {
  const { OUTRIDER_TOKEN, SECRET_KEY, DKIM_PRIVATE_KEY, SOCIAL_WEBHOOK_SECRET, LLM_API_KEY, GITHUB_TOKEN } = values;
  const { DATABASE_URL, DATABASE_OWNER_URL, EVENTS_URL, SMTP_URL, IMAP_URL } = values;
  const urls = [DATABASE_URL, DATABASE_OWNER_URL, ...(values.DATABASE_REPLICA_URLS ?? []), ...(EVENTS_URL?.split(',') ?? []), SMTP_URL, IMAP_URL];
  const keys = [OUTRIDER_TOKEN, ...(SECRET_KEY?.split(',') ?? []), DKIM_PRIVATE_KEY, SOCIAL_WEBHOOK_SECRET, LLM_API_KEY, GITHUB_TOKEN];
  const passwords = urls.map((url) => url && URL.parse(url.trim())?.password);
  return [...keys, ...passwords].filter((secret) => secret !== undefined && secret !== null && secret.trim() !== '').map((secret) => secret!.trim());
}

function readJwt({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL }: z.infer<typeof schema>): Environment['jwt'] {
  allOrNone({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL });
  return JWT_ISSUER === undefined ? undefined : { issuer: JWT_ISSUER, audience: JWT_AUDIENCE!, jwksUrl: JWT_JWKS_URL! };
}

function readOutreach(values: z.infer<typeof schema>): Outreach {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY, SOCIAL_WEBHOOK_URL, SOCIAL_WEBHOOK_SECRET, LLM_BASE_URL, LLM_API_KEY, LLM_MODEL } = values;
  allOrNone({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY });
  allOrNone({ SOCIAL_WEBHOOK_URL, SOCIAL_WEBHOOK_SECRET });
  allOrNone({ LLM_BASE_URL, LLM_MODEL });
  return {
    secretKeys: values.SECRET_KEY?.split(',').map((key) => key.trim()) ?? [],
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    dkim: DKIM_PRIVATE_KEY ? { domain: DKIM_DOMAIN!, selector: DKIM_SELECTOR!, privateKey: DKIM_PRIVATE_KEY.replaceAll('\\n', '\n') } : undefined,
    dnsServers: values.DNS_SERVERS?.split(',').map((server) => server.trim()),
    imapUrl: values.IMAP_URL,
    socialWebhook: SOCIAL_WEBHOOK_URL ? { url: SOCIAL_WEBHOOK_URL, secret: SOCIAL_WEBHOOK_SECRET!, timeoutSeconds: values.SOCIAL_WEBHOOK_TIMEOUT } : undefined,
    languageModel: LLM_BASE_URL ? { baseUrl: LLM_BASE_URL, apiKey: LLM_API_KEY ?? '', model: LLM_MODEL!, timeoutSeconds: values.LLM_TIMEOUT } : undefined,
    webhooks: { allowedHosts: hostsOf(values.WEBHOOK_ALLOWED_HOSTS) },
    discovery: {
      allowedHosts: hostsOf(values.DISCOVERY_ALLOWED_HOSTS),
      blueskyUrl: values.BLUESKY_URL.replace(/\/+$/, ''),
      githubUrl: values.GITHUB_API_URL.replace(/\/+$/, ''),
      githubToken: values.GITHUB_TOKEN,
    },
  };
}

const hostsOf = (text = ''): string[] => text.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== '');

/** Variables of OpenTelemetry may be set for every program of a machine: what is wrong in them matters only where traces are wanted. */
function readTracing(values: z.infer<typeof schema>): TracingSettings | undefined {
  const variable = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const endpoint = values[variable];
  if (endpoint === undefined || values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new ConfigurationError(`Set ${variable} to another value: must look like http://127.0.0.1:4318.`);
  }
  if ((values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL) !== 'http/protobuf') {
    throw new ConfigurationError('Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to http/protobuf, and the endpoint to where that is listened to (port 4318): traces are exported in no other way.');
  }
  const sampler = samplers.find((name) => name === values.OTEL_TRACES_SAMPLER);
  if (!sampler) throw new ConfigurationError(`Set OTEL_TRACES_SAMPLER to another value: must be one of ${samplers.join(', ')}.`);
  const samplerArgument = Number(values.OTEL_TRACES_SAMPLER_ARG);
  if (!(samplerArgument >= 0 && samplerArgument <= 1)) throw new ConfigurationError('Set OTEL_TRACES_SAMPLER_ARG to another value: must be a number from 0 to 1.');
  return { sampler, samplerArgument };
}

function allOrNone(variables: { [name: string]: string | undefined }): void {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  if (missing.length > 0 && missing.length < Object.keys(variables).length) {
    const given = Object.keys(variables).find((name) => variables[name] !== undefined);
    throw new ConfigurationError(`Set ${missing.join(' and ')} too, because ${given} is set.`);
  }
}
