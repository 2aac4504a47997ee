import { type Kysely, sql } from 'kysely';
import { mailboxName, openMailbox, type Mailbox } from '../../mail/mailbox.ts';
import { isSchemaFailure, isTransient } from '../../domain/databaseErrors.ts';
import type { WorkerContext } from '../workerContext.ts';
import { keepUnhandled } from './keepUnhandled.ts';
import { maxMailBytes, receiveMail, StillSendingError } from './receiveMail.ts';

/** By the database's clock: so long a worker may be silent that reads. A mail takes a small part of it. */
const leaseSeconds = 60;
/** Pauses after failures, in milliseconds. */
const backOff = { first: 5_000, longest: 300_000 };

type Context = Pick<WorkerContext, 'em' | 'outreach' | 'log' | 'stopping'>;

/**
 * Reads what came into the mailbox of IMAP_URL since the last time, mail by mail, in one worker at a time. How far it came
 * is written down after each mail; one that was taken in before that could be is known by its hash when it is read again.
 */
export class MailboxReader {
  readonly #context: Context;
  readonly #workerId: string;
  readonly #open: (imapUrl: string) => Promise<Mailbox>;
  #mailbox: Mailbox | null = null;
  #failures = 0;
  /** on the clock that only counts */
  #notBefore = 0;
  #reading: Promise<void> | null = null;

  constructor(context: Context, workerId: string, open = openMailbox) {
    this.#context = context;
    this.#workerId = workerId;
    this.#open = open;
  }

  /** One round; rejects when the mailbox or the database fails, and waits longer each time before it tries again. */
  read(): Promise<void> {
    this.#reading ??= this.#round().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Lets the mail in hand end, closes the connection, and gives the mailbox back. */
  async close(): Promise<void> {
    await this.#reading?.catch(() => {});
    await this.#disconnect();
    await sql`update mailboxes set leased_by = null, lease_until = null where leased_by = ${this.#workerId}::uuid`.execute(this.#db());
  }

  async #round(): Promise<void> {
    const { imapUrl } = this.#context.outreach;
    if (imapUrl === undefined || performance.now() < this.#notBefore || this.#context.stopping.aborted) return;
    const name = mailboxName(imapUrl);
    if (!(await this.#claim(name))) {
      await this.#disconnect();
      return;
    }
    try {
      this.#mailbox ??= await this.#open(imapUrl);
      await this.#readNew(name, this.#mailbox);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#notBefore = performance.now() + Math.min(backOff.longest, backOff.first * 2 ** (this.#failures - 1));
      await this.#disconnect();
      await sql`update mailboxes set error = ${(error as Error).message.slice(0, 300)} where name = ${name}`.execute(this.#db());
      throw error;
    }
  }

  async #readNew(name: string, mailbox: Mailbox): Promise<void> {
    const { lastUid, since } = await this.#position(name, mailbox.uidValidity);
    const uids = await mailbox.uidsAfter(lastUid, lastUid === 0 ? since : null);
    for (const uid of uids) {
      if (this.#context.stopping.aborted) return;
      const mail = await mailbox.fetch(uid, maxMailBytes);
      if (mail) await this.#take(uid, mail.raw, mail.receivedAt);
      if (!(await this.#advance(name, mailbox.uidValidity, uid))) return;
    }
    await this.#advance(name, mailbox.uidValidity, lastUid);
  }

  /** A mail that nothing can be made of is kept as it is, so that the others come through. */
  async #take(uid: number, raw: Uint8Array, receivedAt: Date | undefined): Promise<void> {
    const context = { em: this.#context.em(), outreach: this.#context.outreach };
    try {
      await receiveMail(context, { raw, source: 'mailbox', receivedAt });
    } catch (error) {
      if (error instanceof StillSendingError || isTransient(error) || isSchemaFailure(error)) throw error;
      this.#context.log.warn({ err: error, uid }, 'a mail could not be handled; it is kept, and looked at again with the next version');
      await keepUnhandled(this.#db(), { raw, source: 'mailbox', receivedAt }, error as Error);
    }
  }

  async #claim(name: string): Promise<boolean> {
    await sql`insert into mailboxes (name, uid_validity) values (${name}, 0) on conflict (name) do nothing`.execute(this.#db());
    const { rows } = await sql`
      update mailboxes set leased_by = ${this.#workerId}::uuid, lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where name = ${name} and (leased_by is null or leased_by = ${this.#workerId}::uuid or lease_until < clock_timestamp())
      returning name`.execute(this.#db());
    return rows.length > 0;
  }

  /** Where to go on. With another UIDVALIDITY all begins anew, from the day before the first message that was sent. */
  async #position(name: string, uidValidity: string): Promise<{ lastUid: number; since: Date }> {
    const { rows } = await sql<{ lastUid: string; since: string }>`
      update mailboxes set last_uid = case when uid_validity = ${uidValidity}::bigint then last_uid else 0 end, uid_validity = ${uidValidity}::bigint
      where name = ${name}
      returning last_uid::text as "lastUid", (select coalesce(min(created_at), now()) - interval '1 day' from email_messages)::text as since`.execute(this.#db());
    return { lastUid: Number(rows[0]!.lastUid), since: new Date(rows[0]!.since) };
  }

  /** False when another worker has taken over. */
  async #advance(name: string, uidValidity: string, uid: number): Promise<boolean> {
    const { rows } = await sql`
      update mailboxes set last_uid = greatest(last_uid, ${uid}), read_at = now(), error = null,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where name = ${name} and uid_validity = ${uidValidity}::bigint and leased_by = ${this.#workerId}::uuid returning name`.execute(this.#db());
    return rows.length > 0;
  }

  async #disconnect(): Promise<void> {
    const mailbox = this.#mailbox;
    this.#mailbox = null;
    await mailbox?.close();
  }

  #db(): Kysely<any> {
    return this.#context.em().getKysely() as Kysely<any>;
  }
}
