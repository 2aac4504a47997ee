/** What an error of PostgreSQL or of the way to it means for a request. */
export type DatabaseFailure = 'unavailable' | 'schema' | 'timeout' | null;

const unavailable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|08...|57P0[1-5]|53300|28...|3D000)$/;
const schema = /^(42703|42P01|42704|42883|3F000|42501)$/;
const noConnection = /connection terminated|timeout exceeded when trying to connect|connection error|client has encountered/i;

export function databaseFailure(error: unknown): DatabaseFailure {
  const { code, message = '', cause, errors } = error as { code?: unknown; message?: string; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') {
    if (unavailable.test(code)) return 'unavailable';
    if (schema.test(code)) return 'schema';
    if (code === '57014') return 'timeout';
  }
  if (error instanceof Error && noConnection.test(message)) return 'unavailable';
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? databaseFailure(inner) : null;
}
