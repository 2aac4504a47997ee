import { type Kysely, sql } from 'kysely';
import { InboundKind, type MessageStatus } from '../../domain/enums.ts';
import type { Classification } from '../../mail/classify.ts';

export interface AnsweredMessage {
  id: string;
  prospectId: string;
  status: MessageStatus;
}

/** Without a Message-ID a report is about the last mail to an address, when that is not longer ago. */
const reportedWithin = '14 days';

/** Of those that may be meant by an address, this many are looked at. */
const looked = 50;

const columns = sql`m.id, m.prospect_id as "prospectId", m.status`;
const hasLeft = sql`m.status not in ('queued', 'deferred', 'cancelled', 'failed')`;

/**
 * The message of ours that a mail is about: by Message-ID, which nobody can guess, so that it has left whatever we know; else a reply by whom it is from and the
 * subject that it carries on, and a report by the address that it names. Null where there is none.
 */
export async function findAnswered(db: Kysely<any>, { kind, answers, recipients, mail }: Classification): Promise<AnsweredMessage | null> {
  const byId = await findById(db, answers);
  if (byId) return byId;
  if (kind === InboundKind.REPLY || kind === InboundKind.AUTO_REPLY) return mail.from === null ? null : findBySubject(db, mail.from, mail.subject);
  return findByRecipient(db, recipients);
}

async function findById(db: Kysely<any>, ids: readonly string[]): Promise<AnsweredMessage | null> {
  if (ids.length === 0) return null;
  const { rows } = await sql<AnsweredMessage>`
    select ${columns} from email_messages as m
    join unnest(${ids}::text[]) with ordinality as answered (message_id, place) on answered.message_id = m.message_id
    order by place limit 1`.execute(db);
  return rows[0] ?? null;
}

async function findBySubject(db: Kysely<any>, from: string, subject: string): Promise<AnsweredMessage | null> {
  const { rows } = await sql<AnsweredMessage & { subject: string }>`
    select ${columns}, m.subject from prospects as p join email_messages as m on m.prospect_id = p.id
    where p.email = ${from} and m.recipient = ${from} and ${hasLeft}
    order by m.created_at desc, m.id desc limit ${looked}`.execute(db);
  const asked = bare(subject);
  const { subject: _, ...found } = rows.find((row) => bare(row.subject) !== '' && asked.endsWith(bare(row.subject))) ?? {};
  return 'id' in found ? (found as AnsweredMessage) : null;
}

async function findByRecipient(db: Kysely<any>, recipients: readonly string[]): Promise<AnsweredMessage | null> {
  const addresses = recipients.map((address) => address.toLowerCase());
  if (addresses.length === 0) return null;
  const { rows } = await sql<AnsweredMessage>`
    select ${columns} from prospects as p join email_messages as m on m.prospect_id = p.id
    where p.email = any(${addresses}::text[]) and m.recipient = p.email and ${hasLeft}
      and coalesce(m.sent_at, m.handed_over_at, m.created_at) > now() - ${reportedWithin}::interval
    order by m.created_at desc, m.id desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** A subject without what replying puts before it, in whatever language, and without what lists put there. */
function bare(subject: string): string {
  let text = subject.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/^(\[[^\]]{0,40}\]|\p{L}{1,5}(\[\d{1,3}\])? ?:) ?/u, '');
  }
  return text;
}
