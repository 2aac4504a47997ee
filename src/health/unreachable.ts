/** The database did not let us ask: it is down, hangs, or refuses the login. The message is one sentence for an operator. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Why a connection failed, in words that follow a colon. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (is PostgreSQL running?)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known';
    case 'ENOENT':
      return `there is no such file (${message})`;
    case 'ERR_INVALID_URL':
      return 'the URL of the database is not one (expected postgresql://user:password@host/name)';
    case '3D000':
      return `there is no such database (${message})`;
    case '28P01':
    case '28000':
      return `the login is refused (${message})`;
    case '53300':
      return `it has no connection left (${message})`;
    case '57P03':
      return `it is starting, stopping or recovering (${message})`;
    default:
      return message === 'timeout expired' ? 'it accepts no new connection' : message || code || 'unknown reason';
  }
}
