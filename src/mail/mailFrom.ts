import { domainToASCII } from 'node:url';

/** Who stands in a From header. */
export interface Mailbox {
  /** as it is read; empty when there is none */
  name: string;
  /** with its domain in punycode */
  address: string;
}

/**
 * The parts of a mailbox as MAIL_FROM has it: `Ada <ada@example.org>`, `"Doe, Ada" <ada@example.org>`, `ada@example.org`.
 * Whatever stands before the angle bracket is one name: a comma or a colon in it begins no other mailbox.
 */
export function readMailbox(mailbox: string): Mailbox {
  const [, name = '', address = mailbox] = /^([^<>]*)<([^<>]+)>\s*$/.exec(mailbox) ?? [];
  const [, quoted] = /^"(.*)"$/s.exec(name.trim()) ?? [];
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at).trim();
  return {
    name: quoted === undefined ? name.trim() : quoted.replaceAll(/\\(.)/gs, '$1'),
    address: address.slice(0, at).trim() + (domainToASCII(domain) || domain),
  };
}

/** The address of a mailbox as in a From header: "Ada <ada@example.org>" → ada@example.org, in lower case. */
export function addressOf(mailbox: string): string {
  return readMailbox(mailbox).address.toLowerCase();
}

/** What stands behind the @ of a mailbox's address. */
export function domainOf(mailbox: string): string {
  const address = addressOf(mailbox);
  return address.slice(address.lastIndexOf('@') + 1);
}
