import { allOrNone } from './allOrNone.ts';
import { ConfigurationError } from './ConfigurationError.ts';
import { type Limits, readLimits } from './limits.ts';
import { type Outreach, readOutreach } from './outreach.ts';
import { readRetention, type Retention } from './retention.ts';
import { secretsIn } from './secretsIn.ts';
import { readTracing, type TracingSettings } from './tracing.ts';
import { readTrustProxy, trustNoProxy, type TrustProxy } from './trustProxy.ts';
import { type Variables, variables } from './variables.ts';

export type SchemaPolicy = NonNullable<Variables['SCHEMA_POLICY']>;

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1']);

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
  /** all are believed, the first one is printed; undefined: the one in DATA_DIR */
  outriderTokens: readonly string[] | undefined;
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

/** What must stand in no log: keys, tokens and passwords. Of an environment that is wrong too. */
export const environmentSecrets = (env: NodeJS.ProcessEnv = process.env): string[] => secretsIn(env);

/**
 * Reads and checks the environment.
 * @throws {ConfigurationError} naming the first variable that is wrong and what it must look like
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
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
    outriderTokens: values.OUTRIDER_TOKEN,
    schemaPolicy: values.SCHEMA_POLICY,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    isLoopback,
    outreach: readOutreach(values),
    retention: readRetention(values),
    limits: readLimits(values, isLoopback),
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    secrets: environmentSecrets(env),
    tracing: readTracing(values),
  };
}

function readJwt({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL }: Variables): Environment['jwt'] {
  allOrNone({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL });
  return JWT_ISSUER === undefined ? undefined : { issuer: JWT_ISSUER, audience: JWT_AUDIENCE!, jwksUrl: JWT_JWKS_URL! };
}
