/** The address of a mailbox as in a From header: "Ada <ada@example.org>" → ada@example.org, in lower case. */
export function addressOf(mailbox: string): string {
  return (/<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim().toLowerCase();
}

/** What stands behind the @ of a mailbox's address. */
export function domainOf(mailbox: string): string {
  const address = addressOf(mailbox);
  return address.slice(address.lastIndexOf('@') + 1);
}
