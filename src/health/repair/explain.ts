import type { Client } from 'pg';
import type { RepairStep } from '../report.ts';

interface PostgresError extends Error {
  code?: string;
  detail?: string;
  severity?: string;
}

/** Why a step failed, as one sentence that says what to do. */
export async function explain(client: Client, { lock }: RepairStep, error: PostgresError, { stopped, blocker }: { stopped: boolean; blocker: string | null }): Promise<Error> {
  const { code = '', message } = error;
  const detail = error.detail?.replace(/\.$/, '');
  const because = (sentence: string) => new Error(sentence, { cause: error });
  if (stopped) return because('It was stopped, because the process that repairs is stopping; read the plan again and run it.');
  switch (code) {
    case '55P03':
      return because(`Its lock (${lock}) was never granted, for ${blocker ?? 'somebody'} holds one: let that end, then run it again.`);
    case '42501':
      return because(`The role ${await roleOf(client)} may not do this (${message}): set DATABASE_OWNER_URL to the role that owns the schema, or let that role run the statement.`);
    case '23502':
    case '23503':
    case '23505':
    case '23514':
      return because(`The rows do not fit (${message}${detail ? `; ${detail}` : ''}): mend them, then run it again.`);
    case '57014':
      return because('Somebody cancelled it: run it again.');
    case '':
      return because(`The connection was lost (${message}): read the plan again and run it.`);
    default:
      return because(/^(08|57P)/.test(code) ? `The connection was lost (${message}): read the plan again and run it.` : `${message}${detail ? ` (${detail})` : ''}.`);
  }
}

async function roleOf(client: Client): Promise<string> {
  const answer = await client.query<{ role: string }>('select current_user as role').catch(() => null);
  return answer?.rows[0]?.role ?? 'that repairs';
}
