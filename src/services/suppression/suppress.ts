import type { Kysely } from 'kysely';
import { textProblem } from '../../domain/text.ts';
import type { ServiceContext } from '../context.ts';
import { retryTransient } from '../retryTransient.ts';
import { changeSuppressions } from './holdSuppressions.ts';
import { readValues, type Named } from './readValues.ts';
import { invalid } from './suppressed.ts';
import { writeSuppressions } from './writeSuppressions.ts';

export interface Suppress extends Named {
  /** for people; it survives the erasure of the person, so that no personal data belongs in it */
  reason?: string | null;
}

export interface Suppressed {
  /** uuids */
  suppressionIds: string[];
  excludedCount: number;
}

/** Whoever is named is never contacted again, from now on. @throws {UserErrors} INVALID, NOT_FOUND, NOT_CONFIGURED */
export async function suppress({ em, actor, outreach }: ServiceContext, { reason, ...named }: Suppress): Promise<Suppressed> {
  const text = readReason(reason);
  return retryTransient(() => em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await changeSuppressions(db);
    const values = await readValues(db, named);
    const { ids, excluded } = await writeSuppressions(db, outreach, values, { actor: actor.name, cause: 'suppressed', reason: text });
    return { suppressionIds: ids, excludedCount: excluded.length };
  }));
}

function readReason(reason: string | null | undefined): string {
  const text = reason?.trim() || 'suppressed';
  const problem = textProblem(text) ?? (text.length > 500 ? 'is longer than 500 characters' : null);
  if (problem) throw invalid(`The reason ${problem}.`, 'reason');
  return text;
}
