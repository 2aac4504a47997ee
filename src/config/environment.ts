import { z } from 'zod';

/** A setting that cannot work; the message is one sentence that says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export const schemaPolicies = ['strict', 'degrade', 'migrate'] as const;
export type SchemaPolicy = (typeof schemaPolicies)[number];

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1']);

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must look like postgresql://user:password@host:5432/database');

/** Every variable that Outrider reads, one line each; docs/configuration.md has the table for people. */
const schema = z.object({
  /** The role that serves; without it an embedded PostgreSQL is started in DATA_DIR. */
  DATABASE_URL: postgresUrl.optional(),
  /** The role that migrates and repairs; DATABASE_URL's when absent. */
  DATABASE_OWNER_URL: postgresUrl.optional(),
  /** For signatures, of which this version makes none yet; several, comma-separated, to rotate. Required unless HOST is loopback. */
  SECRET_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Address to listen on. */
  HOST: z.string().default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** An admin token that works without the database; made at the first start when absent. */
  OUTRIDER_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** What a start does with a schema that cannot work. */
  SCHEMA_POLICY: z.enum(schemaPolicies).optional(),
  /** Where the embedded database and the keys are kept. */
  DATA_DIR: z.string().default('.data'),
  /** trace, debug, info, warn, error, fatal or silent. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface Environment {
  databaseUrl: string | undefined;
  databaseOwnerUrl: string | undefined;
  host: string;
  port: number;
  outriderToken: string | undefined;
  /** undefined: strict for `serve`, migrate for `start` and `demo` */
  schemaPolicy: SchemaPolicy | undefined;
  dataDir: string;
  logLevel: string;
  isLoopback: boolean;
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
    throw new ConfigurationError(`Set ${issue?.path.join('.')} to another value: ${issue?.message}.`);
  }
  const values = parsed.data;
  const isLoopback = loopbackHosts.has(values.HOST);
  if (!isLoopback && values.SECRET_KEY === undefined) {
    throw new ConfigurationError(`Set SECRET_KEY to a long random text: it is required because HOST is ${values.HOST}.`);
  }
  return {
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    host: values.HOST,
    port: values.PORT,
    outriderToken: values.OUTRIDER_TOKEN,
    schemaPolicy: values.SCHEMA_POLICY,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    isLoopback,
  };
}
