import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Outreach } from '../../config/outreach.ts';
import { InboundKind, MessageStatus } from '../../domain/enums.ts';
import { classifierVersion, classify, type Classification } from '../../mail/classify.ts';
import { addressOf } from '../../mail/mailFrom.ts';
import type { ServiceContext } from '../context.ts';
import { retryTransient } from '../retryTransient.ts';
import { changeSuppressions } from '../suppression/holdSuppressions.ts';
import { applyInbound } from './applyInbound.ts';
import { findAnswered, type AnsweredMessage } from './findAnswered.ts';

/** Bytes; what is larger is cut or refused before it comes here. */
export const maxMailBytes = 10 * 1024 * 1024;

const excerptLength = 2_000;

/** An answer can be here before its message is written down as sent: so long it is waited for. */
const patience = { ms: 10_000, pollMs: 200 };

/** What a mail of another kind is about stays as it is. */
const changing: ReadonlySet<InboundKind> = new Set([InboundKind.REPLY, InboundKind.BOUNCE, InboundKind.COMPLAINT]);

export interface IncomingMail {
  /** RFC 5322 */
  raw: Uint8Array;
  source: 'http' | 'mailbox';
  receivedAt?: Date;
}

export interface ReceivedMail {
  /** uuid */
  inboundId: string;
  kind: InboundKind;
  /** uuids of the message that it is about and of whom that was for; null for UNRELATED */
  messageId: string | null;
  prospectId: string | null;
  /** it was here before: nothing has changed */
  isDuplicate: boolean;
}

export class StillSendingError extends Error {
  override readonly name = 'StillSendingError';
}

/**
 * Takes a mail in: keeps it, tells what it is, and does what follows from that, in one transaction. The same mail is
 * taken once, however often it comes.
 * @throws {UserErrors} NOT_CONFIGURED: a complaint without SECRET_KEY
 * @throws {StillSendingError} the message that it answers is being sent: come again
 */
export async function receiveMail({ em, outreach }: Omit<ServiceContext, 'actor'>, { raw, source, receivedAt }: IncomingMail): Promise<ReceivedMail> {
  const classification = await classify(raw);
  const hash = createHash('sha256').update(raw).digest('hex');
  const { mail, kind, details } = classification;
  await untilSent(em.fork().getKysely() as Kysely<any>, outreach, classification);
  return retryTransient(() => em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    if (kind === InboundKind.COMPLAINT) await changeSuppressions(db);
    const message = await findMessage(db, outreach, classification);
    const found = { kind: message ? kind : InboundKind.UNRELATED, messageId: message?.id ?? null, prospectId: message?.prospectId ?? null };
    const { rows } = await sql<{ id: string }>`
      insert into inbound_messages (id, raw, raw_hash, received_at, source, sender, subject, excerpt, kind, classifier, details, email_message_id, prospect_id)
      values (${uuidv7()}::uuid, ${Buffer.from(raw)}, ${hash}, ${(receivedAt ?? new Date()).toISOString()}::timestamptz, ${source}, ${mail.from}, ${mail.subject},
        ${excerptOf(mail.text)}, ${found.kind}::inbound_kind, ${classifierVersion}, ${JSON.stringify(details)}::jsonb, ${found.messageId}::uuid, ${found.prospectId}::uuid)
      on conflict (raw_hash) do nothing returning id`.execute(db);
    if (!rows[0]) return readReceived(db, hash);
    if (message) await applyInbound(db, outreach, classification, message);
    return { inboundId: rows[0].id, ...found, isDuplicate: false };
  }));
}

/** The message that a mail is about; null for what we have sent ourselves and find in our own mailbox. */
export async function findMessage(db: Kysely<any>, { mailFrom }: Outreach, classification: Classification): Promise<AnsweredMessage | null> {
  if (mailFrom !== undefined && classification.kind === InboundKind.REPLY && classification.mail.from === addressOf(mailFrom)) return null;
  return findAnswered(db, classification);
}

/** Waits, outside any transaction, for as long as the message that a mail answers is being sent. @throws {StillSendingError} */
async function untilSent(db: Kysely<any>, outreach: Outreach, classification: Classification): Promise<void> {
  if (!changing.has(classification.kind)) return;
  for (const deadline = performance.now() + patience.ms; ; await sleep(patience.pollMs)) {
    const message = await findMessage(db, outreach, classification);
    if (message?.status !== MessageStatus.SENDING) return;
    if (performance.now() > deadline) throw new StillSendingError('The message that this mail answers is being sent at this moment: come again.');
  }
}

/** The beginning of a text, without what it quotes. */
export function excerptOf(text: string): string {
  const own = text.split(/\r?\n/).filter((line) => !line.startsWith('>')).join('\n').replace(/\n{3,}/g, '\n\n').trim();
  return own.slice(0, excerptLength).toWellFormed();
}

async function readReceived(db: Kysely<any>, hash: string): Promise<ReceivedMail> {
  const { rows } = await sql<Omit<ReceivedMail, 'isDuplicate'>>`
    select id as "inboundId", kind, email_message_id as "messageId", prospect_id as "prospectId"
    from inbound_messages where raw_hash = ${hash}`.execute(db);
  return { ...rows[0]!, isDuplicate: true };
}
