import { InboundKind } from '../domain/enums.ts';
import { autoReplySign } from './autoReply.ts';
import { readBounceText } from './bounceText.ts';
import { fieldsOf, isAddressDead, readDeliveryStatus, returnedHeaders, type Delivery } from './deliveryStatus.ts';
import { messageIds, parseMail, type ParsedMail } from './parseMail.ts';

/** Grows with every change of what follows from a mail: older answers can then be looked at again. */
export const classifierVersion = 1;

export interface Classification {
  kind: InboundKind;
  /** Message-IDs of what it may answer, the likeliest first; with angle brackets */
  answers: readonly string[];
  /** addresses that a message may have gone to, where no Message-ID is known */
  recipients: readonly string[];
  /** what it rests on, without personal data */
  details: { rule: string; status?: string; action?: string; feedback?: string; addressIsDead?: boolean };
  mail: ParsedMail;
}

/**
 * Tells what a mail is, from nothing but its text. Whether it belongs to a message of ours is for the database to say.
 * Total: whatever the bytes are, there is an answer.
 *
 * @param raw RFC 5322
 */
export async function classify(raw: Uint8Array): Promise<Classification> {
  const mail = await parseMail(raw);
  return complaint(mail) ?? deliveryReport(mail) ?? receipt(mail) ?? bounce(mail) ?? autoReply(mail) ?? reply(mail);
}

/** Marked as spam (RFC 5965). Feedback of other kinds is none. */
function complaint(mail: ParsedMail): Classification | null {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report');
  if (!report) return null;
  const fields = fieldsOf(report.content);
  const feedback = fields.get('feedback-type')?.toLowerCase() ?? 'abuse';
  const kind = /^(not-spam|auth-failure|dmarc)/.test(feedback) ? InboundKind.DELIVERY_REPORT : InboundKind.COMPLAINT;
  const recipients = [fields.get('original-rcpt-to'), fields.get('removal-recipient')].flatMap((text) => text?.match(/[^\s<>;]+@[^\s<>;]+/)?.[0] ?? []);
  return { kind, answers: returnedIds(mail), recipients, details: { rule: 'RFC 5965', feedback: feedback.slice(0, 40) }, mail };
}

function deliveryReport(mail: ParsedMail): Classification | null {
  const delivery = readDeliveryStatus(mail);
  return delivery && ofDelivery(mail, delivery, 'RFC 3464');
}

/** Somebody's program says that the mail was shown or deleted (RFC 8098). */
function receipt(mail: ParsedMail): Classification | null {
  const report = mail.parts.find(({ type }) => type === 'message/disposition-notification');
  return report ? { kind: InboundKind.DELIVERY_REPORT, answers: returnedIds(mail), recipients: [], details: { rule: 'RFC 8098' }, mail } : null;
}

function bounce(mail: ParsedMail): Classification | null {
  const delivery = readBounceText(mail);
  return delivery && ofDelivery(mail, delivery, 'text of a bounce');
}

function ofDelivery(mail: ParsedMail, { action, status, recipients }: Delivery, rule: string): Classification {
  const failed = action === 'failed';
  const details = { rule, action, ...(status && { status }), ...(failed && { addressIsDead: isAddressDead(status) }) };
  return { kind: failed ? InboundKind.BOUNCE : InboundKind.DELIVERY_REPORT, answers: returnedIds(mail), recipients, details, mail };
}

function autoReply(mail: ParsedMail): Classification | null {
  const rule = autoReplySign(mail);
  return rule === null ? null : { kind: InboundKind.AUTO_REPLY, answers: mail.references, recipients: [], details: { rule }, mail };
}

function reply(mail: ParsedMail): Classification {
  return { kind: InboundKind.REPLY, answers: mail.references, recipients: [], details: { rule: mail.references.length > 0 ? 'In-Reply-To' : 'From and Subject' }, mail };
}

/** The ids of a mail that came back: in its returned headers, in the report, in what the report answers, or quoted in its text. */
function returnedIds(mail: ParsedMail): string[] {
  const returned = fieldsOf(returnedHeaders(mail).replace(/\r?\n[ \t]+/g, ' '));
  const reported = mail.parts.flatMap(({ content }) => /^(?:Original-Message-ID|Message-ID):(.*(?:\r?\n[ \t].*)?)/gim[Symbol.match](content) ?? []);
  const quoted = mail.text.match(/message-id:\s*<[^<>\s]{3,500}>/gi) ?? [];
  return [...new Set([returned.get('message-id') ?? '', ...reported, ...quoted, ...mail.references].flatMap(messageIds))];
}
