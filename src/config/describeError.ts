/** An error as the log shows it. */
export interface DescribedError {
  type: string;
  message: string;
  code?: unknown;
  /** the names that PostgreSQL gives */
  table?: unknown;
  column?: unknown;
  constraint?: unknown;
  stack?: string;
  cause?: DescribedError;
}

const deepest = 4;
const longestMessage = 1_000;

/**
 * What is worth knowing of an error, without the data that it was about: PostgreSQL's detail and context quote rows and
 * parameters, and drivers put the statement before the message.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutData(String(error)) };
  const { code, table, column, constraint } = error as Error & Record<'code' | 'table' | 'column' | 'constraint', unknown>;
  const cause = error.cause ?? (error as AggregateError).errors?.[0];
  return {
    type: error.constructor.name,
    message: withoutData(error.message, code),
    ...Object.fromEntries(Object.entries({ code, table, column, constraint }).filter(([, value]) => typeof value === 'string' || typeof value === 'number')),
    stack: framesOf(error),
    ...(cause !== undefined && depth < deepest ? { cause: describeError(cause, depth + 1) } : {}),
  };
}

function withoutData(message: string, code?: unknown): string {
  const isSql = /\b(?:select|insert|update|delete|with|copy|merge)\b/i.test(message);
  const bare = isSql ? message.replace(/'(?:[^']|'')*'/g, '?').replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '?') : message;
  // invalid input syntax for type uuid: "…"
  return (typeof code === 'string' && code.startsWith('22') ? bare.replace(/: ".*/s, '') : bare).slice(0, longestMessage);
}

/** The stack begins with the message. */
function framesOf({ stack = '' }: Error): string {
  const frames = /\n\s+at .*/s.exec(stack)?.[0] ?? '';
  return frames.trim();
}
