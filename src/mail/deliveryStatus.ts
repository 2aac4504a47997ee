import type { ParsedMail } from './parseMail.ts';

/** What a report says became of a mail. */
export interface Delivery {
  /** `failed` never arrives; everything else changes nothing: it arrived, may still arrive, or was passed on */
  action: 'failed' | 'delayed' | 'delivered';
  /** RFC 3463, such as 5.1.1; null where the report does not say */
  status: string | null;
  /** whom it was for, as the report says */
  recipients: string[];
}

const reports = /^message\/(global-)?delivery-status$/;
const returned = /^(message\/(rfc822|global)|text\/rfc822-headers|message\/(rfc822|global)-headers)$/;

/** What a delivery status notification says (RFC 3464); null when it is none. A failed recipient outweighs the others. */
export function readDeliveryStatus({ parts }: ParsedMail): Delivery | null {
  const report = parts.find(({ type }) => reports.test(type));
  if (!report) return null;
  const groups = report.content.split(/\r?\n[ \t]*\r?\n/).map(fieldsOf);
  const deliveries = groups.flatMap((fields) => {
    const delivery = ofRecipient(fields);
    return delivery ? [delivery] : [];
  });
  return deliveries.find(({ action }) => action === 'failed') ?? deliveries[0] ?? { action: 'delayed', status: null, recipients: [] };
}

/** The headers of the mail that was returned, where a report has them. */
export function returnedHeaders({ parts }: ParsedMail): string {
  return parts.filter(({ type }) => returned.test(type)).map(({ content }) => content.slice(0, 20_000)).join('\n');
}

/**
 * Whether a failure is about the address rather than about this mail: it does not exist, or is closed. A full mailbox, a
 * mail that is too large, or one that a filter refused says nothing against the address.
 */
export function isAddressDead(status: string | null): boolean {
  return status !== null && /^5\.(0\.\d+|1\.\d+|2\.[01]|4\.4)$/.test(status);
}

function ofRecipient(fields: ReadonlyMap<string, string>): Delivery | null {
  const action = fields.get('action')?.toLowerCase().match(/[a-z]+/)?.[0];
  const status = fields.get('status')?.match(/\b[245]\.\d{1,3}\.\d{1,3}\b/)?.[0] ?? fields.get('diagnostic-code')?.match(/\b[245]\.\d{1,3}\.\d{1,3}\b/)?.[0] ?? null;
  if (!action && !status) return null;
  const recipients = ['original-recipient', 'final-recipient'].flatMap((name) => fields.get(name)?.match(/[^\s;<>]+@[^\s;<>]+/)?.[0] ?? []);
  const failed = action === 'failed' || (!action && status!.startsWith('5'));
  const delivered = action ? /^(delivered|relayed|expanded)$/.test(action) : status!.startsWith('2');
  return { action: failed ? 'failed' : delivered ? 'delivered' : 'delayed', status, recipients };
}

/** More than a field says; those who look for an address in it would look for ever in a longer one. */
const longestField = 1_000;

/** `Name: value` lines, cut, folded ones put together, by names in lower case. */
export function fieldsOf(text: string): Map<string, string> {
  const lines = text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1, colon + longestField).trim()] as [string, string]] : [];
  }));
}
