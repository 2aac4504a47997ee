/**
 * What errors of PostgreSQL, and of the way to it, mean. By their SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)
 * and by the codes of Node.js; a request and a worker ask different things of the same error.
 */
import { type ErrorCode, OutriderError } from './errors.ts';

/** What it means for a request. */
export type DatabaseFailure = 'unavailable' | 'read-only' | 'disk-full' | 'exhausted' | 'race' | 'timeout' | 'text' | 'schema' | null;

export interface DatabaseAnswer {
  code: ErrorCode;
  message: string;
  /** whether the log says so too: nothing else of ours tells the operator */
  isLogged?: boolean;
}

/** What a client is told of a failure; of the schema's, schema health knows more. */
const answers = {
  unavailable: { code: 'DATABASE_UNAVAILABLE', message: 'The database does not answer.' },
  'read-only': { code: 'DATABASE_UNAVAILABLE', message: 'Nothing can be written now: the database is read-only.' },
  'disk-full': { code: 'DATABASE_UNAVAILABLE', message: 'Nothing was done: the disk of the database is full.', isLogged: true },
  exhausted: { code: 'DATABASE_UNAVAILABLE', message: 'Nothing was done: the database is out of memory, or at another limit of its own.', isLogged: true },
  race: { code: 'DATABASE_UNAVAILABLE', message: 'Nothing was done, because others changed the same at the same moment. Send it again.' },
  timeout: { code: 'TIMEOUT', message: 'The database took too long.' },
  text: { code: 'BAD_USER_INPUT', message: 'A text has a character that cannot be stored, such as NUL.' },
} satisfies Record<Exclude<DatabaseFailure, 'schema' | null>, DatabaseAnswer>;

/** What a client is told of an error; null where it is none of the database's, or the schema's. */
export function answerOf(error: unknown): DatabaseAnswer | null {
  const failure = databaseFailure(error);
  return failure === null || failure === 'schema' ? null : answers[failure];
}

/** No way to it, none let in, or the session was ended. */
const unavailable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|08...|57P0[1-5]|53300|25P0[34]|28...|3D000)$/;
const readOnly = '25006';
/** Undefined or ambiguous names, wrong types and missing rights (42), no such schema (3F), objects of another kind (0A, 55000): never on our schema. */
const names = '42...|3F000|0A000|55000';
/**
 * What a statement of ours can only meet where the schema is another one: beside names, values or keys that the tables should
 * take (22, 23). The report of schema health has the last word.
 */
const schema = new RegExp(`^(22...|23...|${names})$`);
/** The same where nobody asks schema health: of values only those that our statements always get right. */
const schemaForSure = new RegExp(`^(23502|22P02|${names})$`);
/** A character that PostgreSQL cannot keep, such as NUL: nothing of ours makes one, so that it was in the request. */
const text = /^(22021|22P05)$/;
/** Deadlock, serialization failure or lock timeout. */
const race = /^(40|55)/;
/** Deadlock, serialization failure, or a key that somebody else has written or deleted meanwhile. */
const outrun = /^(40|23503|23505)/;
/** Says something about the database or its load, and nothing about what was asked. */
const transient = /^(08|25006|25P0[34]|40|53|55|57|58)/;
const noAnswer = /timeout exceeded when trying to connect|connection terminated due to connection timeout/i;
const noConnection = /connection terminated|timeout exceeded when trying to connect|connection error|client has encountered/i;

export function databaseFailure(error: unknown): DatabaseFailure {
  const { code, message = '', cause, errors } = error as { code?: unknown; message?: string; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') {
    if (unavailable.test(code)) return 'unavailable';
    if (code === readOnly) return 'read-only';
    if (code === '53100') return 'disk-full';
    if (code.startsWith('53')) return 'exhausted';
    if (code.startsWith('40')) return 'race';
    if (text.test(code)) return 'text';
    if (schema.test(code)) return 'schema';
    if (code === '57014' || code === '55P03') return 'timeout';
  }
  if (error instanceof Error && noConnection.test(message)) return 'unavailable';
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? databaseFailure(inner) : null;
}

/** The failure where it came of waiting for the database as long as may be, so that whoever asks again waits as long; null for any other. */
export function waitedInVain(error: unknown): Error | null {
  const { originalError } = error as { originalError?: unknown };
  if (originalError instanceof Error) return waitedInVain(originalError);
  return error instanceof Error && (databaseFailure(error) === 'timeout' || noAnswer.test(error.message)) ? error : null;
}

/** Whether the schema is to blame, and neither the rows nor the load: it works again when somebody has mended it. */
export function isSchemaFailure(error: unknown): boolean {
  return causesOf(error).some((cause) => (cause instanceof OutriderError && cause.code === 'DATA_INTEGRITY') || schemaForSure.test(codeOf(cause)));
}

/** Whether the same statement may well succeed later: connection lost, shutdown, nothing may be written now, deadlock, out of resources, lock timeout. */
export function isTransient(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const code = codeOf(cause);
    return code ? transient.test(code) || /^E[A-Z]+$/.test(code) : /connection|timeout/i.test(cause.message);
  });
}

/** Whether the transaction was rolled back because of another one, so that it may well succeed at once. */
export const lostRace = (error: unknown): boolean => causesOf(error).some((cause) => race.test(codeOf(cause)));

/** Whether another transaction was first, or took a key or a row at the same moment: whoever begins again at once sees what it has done. */
export const wasOutrun = (error: unknown): boolean => causesOf(error).some((cause) => outrun.test(codeOf(cause)));

/** The error and what caused it, outermost first. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
  return causes;
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? '';
