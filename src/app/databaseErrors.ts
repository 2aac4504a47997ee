/** What an error of PostgreSQL or of the way to it means for a request. */
export type DatabaseFailure = 'unavailable' | 'schema' | 'text' | 'timeout' | null;

const unavailable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|08...|57P0[1-5]|53300|28...|3D000)$/;
/**
 * What a statement of ours can only meet where the schema is another one: undefined or ambiguous names, wrong types and
 * missing rights (42), no such schema (3F), values or keys that the tables should take (22, 23), objects of another kind
 * (0A, 55000). The report of schema health has the last word.
 */
const schema = /^(22...|23...|3F000|42...|0A000|55000)$/;
/** A character that PostgreSQL cannot keep, such as NUL: nothing of ours makes one, so that it was in the request. */
const text = /^(22021|22P05)$/;
const noConnection = /connection terminated|timeout exceeded when trying to connect|connection error|client has encountered/i;

export function databaseFailure(error: unknown): DatabaseFailure {
  const { code, message = '', cause, errors } = error as { code?: unknown; message?: string; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') {
    if (unavailable.test(code)) return 'unavailable';
    if (text.test(code)) return 'text';
    if (schema.test(code)) return 'schema';
    if (code === '57014' || code === '55P03') return 'timeout';
  }
  if (error instanceof Error && noConnection.test(message)) return 'unavailable';
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? databaseFailure(inner) : null;
}
