import { ImapFlow } from 'imapflow';
import { isInstant } from '../domain/instant.ts';

/** A mail in a mailbox. */
export interface MailboxMail {
  uid: number;
  /** cut at the limit */
  raw: Uint8Array;
  /** undefined where the server says none that can be */
  receivedAt: Date | undefined;
}

/** A folder that is open for reading; its flags stay as they are, \Seen too: what was read is remembered by UID. */
export interface Mailbox {
  /** UIDs mean something only within one of these (RFC 9051) */
  readonly uidValidity: string;
  /** UIDs above `after`, ascending; of mails that came on the day of `since` or later */
  uidsAfter(after: number, since: Date | null): Promise<number[]>;
  /** null when it is gone. @throws when the connection is */
  fetch(uid: number, maxBytes: number): Promise<MailboxMail | null>;
  close(): Promise<void>;
}

/** Of one part of an answer: a mail, cut at its limit, or the UIDs of two million. imapflow would keep a gigabyte. */
const mostBytes = 16 * 1024 * 1024;

/** user@host/folder: what a mailbox is known by; no password. */
export function mailboxName(imapUrl: string): string {
  const { username, host, folder } = parts(imapUrl);
  return `${username}@${host}/${folder}`;
}

/**
 * Logs in and opens the folder that the URL names, read-only.
 * @param imapUrl imap(s)://user:password@host:port/folder
 * @throws what the server said, or why it could not be reached
 */
export async function openMailbox(imapUrl: string): Promise<Mailbox> {
  const { username, password, host, port, isSecure, folder } = parts(imapUrl);
  const client = new ImapFlow({
    host,
    port,
    secure: isSecure,
    auth: { user: username, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 20_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    maxLiteralSize: mostBytes,
    maxLineLength: mostBytes,
    maxResponseSize: 2 * mostBytes,
  });
  // Without a listener it would end the process; the command in hand rejects as well, but only says that there is no connection.
  let broken: unknown = null;
  client.on('error', (error: unknown) => {
    broken = error;
  });
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen(folder, { readOnly: true });
    return new ImapMailbox(client, String(uidValidity), () => broken);
  } catch (error) {
    client.close();
    throw new Error(`The mailbox ${mailboxName(imapUrl)} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
}

class ImapMailbox implements Mailbox {
  readonly #client: ImapFlow;
  readonly uidValidity: string;
  readonly #reasonOfEnd: () => unknown;

  constructor(client: ImapFlow, uidValidity: string, reasonOfEnd: () => unknown) {
    this.#client = client;
    this.uidValidity = uidValidity;
    this.#reasonOfEnd = reasonOfEnd;
  }

  async uidsAfter(after: number, since: Date | null): Promise<number[]> {
    // `after + 1:*` names the last mail too where nothing is above it.
    const found = await this.#client.search({ uid: `${after + 1}:*`, ...(since && { since }) }, { uid: true });
    if (!found) throw new Error('The mail server did not answer a search.');
    return found.filter((uid) => uid > after).sort((a, b) => a - b);
  }

  async fetch(uid: number, maxBytes: number): Promise<MailboxMail | null> {
    // Among the answers may be flags of other mails that somebody has just changed.
    const answers = await this.#client.fetchAll(String(uid), { source: { maxLength: maxBytes }, internalDate: true }, { uid: true }).catch((error: unknown) => {
      throw this.#reasonOfEnd() ?? error;
    });
    const found = answers.find((answer) => answer.uid === uid && answer.source);
    // Where the connection has ended between two commands nothing is answered, and nothing thrown.
    if (!found && !this.#client.mailbox) throw new Error('The mail server has closed the connection.');
    if (!found?.source) return null;
    // What is no date, or one that nothing can keep, must not stop the mails behind it.
    const receivedAt = new Date(found.internalDate ?? Number.NaN);
    return { uid, raw: found.source, receivedAt: isInstant(receivedAt) ? receivedAt : undefined };
  }

  async close(): Promise<void> {
    // A server that is gone cannot be told good-bye.
    await this.#client.logout().catch(() => {});
    this.#client.close();
  }
}

function parts(imapUrl: string): { username: string; password: string; host: string; port: number; isSecure: boolean; folder: string } {
  const url = new URL(imapUrl);
  const isSecure = url.protocol === 'imaps:';
  return {
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    host: url.hostname,
    port: Number(url.port) || (isSecure ? 993 : 143),
    isSecure,
    folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
  };
}

function reasonOf(error: unknown): string {
  const { responseText, message } = error as Error & { responseText?: string };
  return responseText ?? message;
}
