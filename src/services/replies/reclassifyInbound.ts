import { type Kysely, sql } from 'kysely';
import { InboundKind } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { classifierVersion, classify } from '../../mail/classify.ts';
import type { ServiceContext } from '../context.ts';
import { retryTransient } from '../retryTransient.ts';
import { changeSuppressions } from '../suppression/holdSuppressions.ts';
import { applyInbound } from './applyInbound.ts';
import { findMessage } from './receiveMail.ts';

export interface Reclassified {
  /** mails that were looked at again */
  lookedAt: number;
  /** of these, the ones that are of another kind now, or about a message that was not found before */
  changed: number;
  /** mails that still wait for it: call again */
  remaining: number;
}

/** Mails of one call: some seconds of work. */
const most = 500;

/**
 * Looks at kept mails again that an older classifier has judged. What follows from
 * the new answer is done as if the mail had just come in; what was done before is not taken back, and what a person
 * decided since stays. Twice is once.
 * @throws {UserErrors} INVALID
 */
export async function reclassifyInbound({ em, outreach }: Omit<ServiceContext, 'actor'>, { limit = most }: { limit?: number | undefined } = {}): Promise<Reclassified> {
  if (limit < 1 || limit > most) {
    throw new UserErrors({ code: UserErrorCode.INVALID, message: `Look at 1 to ${most} mails at once.`, field: ['input', 'limit'] });
  }
  const db = em.fork().getKysely() as Kysely<any>;
  const { rows } = await sql<{ id: string; raw: Buffer }>`
    select id, raw from inbound_messages where classifier < ${classifierVersion} and length(raw) > 0 order by id limit ${limit}`.execute(db);
  let changed = 0;
  for (const { id, raw } of rows) {
    const classification = await classify(raw);
    changed += await retryTransient(() => em.fork().transactional((tx) => again(tx.getKysely() as Kysely<any>, id, classification, outreach)));
  }
  const { rows: left } = await sql<{ remaining: number }>`
    select count(*)::int as remaining from inbound_messages where classifier < ${classifierVersion} and length(raw) > 0`.execute(db);
  return { lookedAt: rows.length, changed, remaining: left[0]!.remaining };
}

async function again(db: Kysely<any>, id: string, classification: Awaited<ReturnType<typeof classify>>, outreach: ServiceContext['outreach']): Promise<number> {
  if (classification.kind === InboundKind.COMPLAINT) await changeSuppressions(db);
  const message = await findMessage(db, outreach, classification);
  const kind = message ? classification.kind : InboundKind.UNRELATED;
  // Locked: another one who does the same finds the version that this one writes.
  const { rows } = await sql<{ kind: InboundKind; messageId: string | null }>`
    select kind, email_message_id as "messageId" from inbound_messages
    where id = ${id}::uuid and classifier < ${classifierVersion} for no key update`.execute(db);
  if (!rows[0]) return 0;
  const changed = rows[0].kind !== kind || rows[0].messageId !== (message?.id ?? null);
  await sql`
    update inbound_messages set kind = ${kind}::inbound_kind, classifier = ${classifierVersion}, details = ${JSON.stringify(classification.details)}::jsonb,
      email_message_id = ${message?.id ?? null}::uuid, prospect_id = ${message?.prospectId ?? null}::uuid
    where id = ${id}::uuid`.execute(db);
  if (changed && message) await applyInbound(db, outreach, classification, message);
  return changed ? 1 : 0;
}
