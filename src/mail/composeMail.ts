import { createTransport } from 'nodemailer';
import type { Outreach } from '../config/outreach.ts';
import { onOneLine } from '../domain/text.ts';
import { encodedText } from './encodedText.ts';
import { readMailbox } from './mailFrom.ts';
import { unsubscribeUrl } from './unsubscribeLink.ts';

export interface Mail {
  /** uuid of the message */
  id: string;
  /** with its angle brackets */
  messageId: string;
  /** an address */
  recipient: string;
  subject: string;
  /** plain text */
  body: string;
  /** Message-IDs of what was sent to the recipient before, the oldest first: a follow-up stands below them */
  earlier: readonly string[];
}

/** The mail cannot be made with this configuration, whatever its text. */
export class ComposeError extends Error {
  override readonly name = 'ComposeError';
}

/**
 * What a DKIM signature covers where it is there: nodemailer's own list lacks List-Unsubscribe-Post, without whose
 * signature mailbox providers ignore the one-click header (RFC 8058).
 */
const signedHeaders = [
  'From', 'To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding',
  'List-Unsubscribe', 'List-Unsubscribe-Post',
].join(':');

/**
 * A mail as it goes over the wire, signed when DKIM is configured. Line breaks in what users wrote cannot make headers.
 * @throws {ComposeError} when the key cannot sign
 * @throws {UserErrors} NOT_CONFIGURED without PUBLIC_URL or SECRET_KEY
 */
export async function composeMail(outreach: Outreach & { mailFrom: string }, mail: Mail): Promise<Buffer> {
  const { dkim } = outreach;
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...(dkim && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey, headerFieldNames: signedHeaders } }),
  });
  const { message } = await composer.sendMail({
    from: readMailbox(outreach.mailFrom),
    to: { name: '', address: mail.recipient },
    text: mail.body,
    messageId: mail.messageId,
    ...(mail.earlier.length > 0 && { inReplyTo: mail.earlier.at(-1)!, references: [...mail.earlier] }),
    headers: {
      Subject: { prepared: true, foldLines: true, value: encodedText(onOneLine(mail.subject)) },
      // Prepared: a link that is folded would be another one.
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl(outreach, mail.id)}>` },
      'List-Unsubscribe-Post': { prepared: true, value: 'List-Unsubscribe=One-Click' },
    },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = message as Buffer;
  // nodemailer leaves the signature out when the key does not work.
  if (dkim && !/^DKIM-Signature:/im.test(raw.subarray(0, 1_000).toString('latin1'))) {
    throw new ComposeError('DKIM_PRIVATE_KEY cannot sign: give an RSA key in PEM.');
  }
  return raw;
}
