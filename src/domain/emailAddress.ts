import { domainToASCII } from 'node:url';

const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export class EmailAddressError extends Error {
  override readonly name = 'EmailAddressError';
}

/**
 * An address (RFC 5321 dot-string at a host name) in lower case with its domain in punycode; `mailto:` is dropped.
 * Letter case of the local part is given up although a host may tell it apart: none does, and people mix it.
 * @throws {EmailAddressError} with the rest of a sentence that begins with the field's name
 */
export function normalizeEmailAddress(text: string): string {
  const address = text.trim().replace(/^mailto:/i, '');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = domainToASCII(address.slice(at + 1).replace(/\.$/, ''));
  const labels = domain.split('.');
  const valid =
    at > 0 &&
    local.length <= 64 &&
    local.length + domain.length < 254 &&
    localPart.test(local) &&
    labels.length > 1 &&
    labels.every((label) => domainLabel.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '');
  if (!valid) throw new EmailAddressError('is not an e-mail address');
  return `${local}@${domain}`;
}
