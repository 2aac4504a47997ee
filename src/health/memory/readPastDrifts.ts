import type { DriftEffect } from '../report.ts';
import { readOnce } from './readOnce.ts';

/** A difference that was there once, and that no other one explained. */
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

/** Never throws. */
export async function readPastDrifts(url: string, schema: string, first: number): Promise<DriftHistory> {
  const { rows, error } = await readOnce<PastDrift>(
    url,
    schema,
    `select id, since, until, effect, message, changed_by as "changedBy" from schema_past_drifts order by until desc, id limit ${Math.trunc(first)}`,
  );
  return { ended: rows, error: error === null ? null : `What differed once cannot be read: ${error}.` };
}
