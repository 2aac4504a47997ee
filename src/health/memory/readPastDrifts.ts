import { Client, escapeIdentifier } from 'pg';
import type { DriftEffect } from '../report.ts';
import { readOnly } from '../readOnly.ts';
import { reasonOf } from '../unreachable.ts';

/** A difference that was there once. */
export interface PastDrift {
  /** as of SchemaDrift; the same difference may have come and gone more than once */
  id: string;
  since: Date;
  until: Date;
  /** null where no process saw both its beginning and its end; so are the others */
  effect: DriftEffect | null;
  message: string | null;
  changedBy: string | null;
}

/** What differed once, the newest end first; null when it could not be read, and then why. */
export interface DriftHistory {
  ended: PastDrift[] | null;
  error: string | null;
}

const limits = { statementTimeoutMs: 1000, lockTimeoutMs: 200, rowSecurity: true };

/** Over a connection for a moment only. Never throws: the history is asked for when much may be broken. */
export async function readPastDrifts(url: string, schema: string, first: number): Promise<DriftHistory> {
  const client = new Client({ connectionString: url, application_name: 'outrider health history', connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const [answer] = await readOnly(
      client,
      { schema, ...limits },
      `select id, since, until, effect, message, changed_by as "changedBy" from ${escapeIdentifier(schema)}.schema_past_drifts order by until desc, id limit ${Math.trunc(first)}`,
    );
    return { ended: (answer?.rows ?? []) as PastDrift[], error: null };
  } catch (error) {
    return { ended: null, error: `What differed once cannot be read: ${reasonOf(error)}.` };
  } finally {
    await client.end().catch(() => {});
  }
}
