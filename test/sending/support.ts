import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Outreach } from '../../src/config/outreach.ts';
import { Channel } from '../../src/domain/enums.ts';
import { draftFingerprint } from '../../src/domain/fingerprint.ts';
import { sendMessages, type SendMessages } from '../../src/services/sending/sendMessages.ts';
import type { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';

export interface Received {
  from: string;
  to: string[];
  raw: string;
}

/** A mail server that keeps what it takes. */
export interface MailSink {
  url: string;
  received: Received[];
  /** cuts every connection, as a server that dies */
  cut(): void;
  close(): Promise<void>;
}

/** @param options of smtp-server; `onData` sees what was received, and may refuse it */
export async function openMailSink(options: Omit<SMTPServerOptions, 'onData'> & { onData?: (mail: Received) => Error | null | Promise<Error | null> } = {}): Promise<MailSink> {
  const { onData, ...rest } = options;
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 100,
    ...rest,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString() };
        const refusal = (await onData?.(mail)) ?? null;
        if (!refusal) received.push(mail);
        done(refusal);
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const connections = () => [...(server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections];
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    cut: () => connections().forEach(({ _socket }) => _socket.destroy()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What an SMTP server says no with. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

export function mailOutreach(smtpUrl: string, changes: Partial<Outreach> = {}): Outreach {
  return outreachOf({ smtpUrl, mailFrom: 'Ada <ada@sender.example>', publicUrl: 'http://127.0.0.1:4000', ...changes });
}

export interface ApprovedDraft {
  id: string;
  prospectId: string;
  recipient: string;
}

/** Approved prospects with an approved e-mail draft each, to p1@recipient.example, p2@… */
export async function addApprovedDrafts(bench: Pick<JobBench, 'query' | 'addProspects'>, count: number, { followUp = false } = {}): Promise<ApprovedDraft[]> {
  const ids = await bench.addProspects(count);
  const rows = await bench.query<{ id: string; email: string }>('select id, email from prospects where id = any($1) order by email', [ids]);
  const texts = rows.map(({ email }) => {
    const [subject, body] = [`Hello ${email}`, `Dear ${email},\nshall we talk?\n`];
    return { subject, body, fingerprint: draftFingerprint({ channel: Channel.EMAIL, recipient: email, subject, body }) };
  });
  const drafts = await bench.query<ApprovedDraft>(
    `insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, recipient, status, is_follow_up)
     select gen_random_uuid(), d.prospect_id, d.subject, d.body, d.fingerprint, d.fingerprint, d.recipient, 'approved', $6
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as d (prospect_id, subject, body, fingerprint, recipient)
     returning id, prospect_id as "prospectId", recipient`,
    [rows.map(({ id }) => id), texts.map((t) => t.subject), texts.map((t) => t.body), texts.map((t) => t.fingerprint), rows.map(({ email }) => email), followUp],
  );
  if (!followUp) await bench.query(`update prospects set draft_status = 'approved' where id = any($1)`, [ids]);
  return drafts;
}

export function send(bench: JobBench, outreach: Outreach, input: SendMessages): Promise<{ jobId: string }> {
  return sendMessages({ ...bench.context, outreach }, input);
}

export interface MessageRow {
  id: string;
  status: string;
  error: string | null;
  blocked_by: string | null;
  due_at: Date | null;
  attempts: number;
  response: string | null;
  message_id: string;
  handed_over_at: Date | null;
  sent_at: Date | null;
  recipient: string;
  draft_id: string;
}

export function messagesOf(bench: Pick<JobBench, 'query'>): Promise<MessageRow[]> {
  return bench.query<MessageRow>('select * from email_messages order by chunk, id');
}

/** Lets what waits for a pause be tried at once. */
export async function passTime(bench: Pick<JobBench, 'query'>): Promise<void> {
  await bench.query(`update senders set blocked_until = now() - interval '1 second' where blocked_until is not null`);
  await bench.query(`update email_messages set due_at = now() - interval '1 second' where status = 'deferred'`);
}

export async function setSending(bench: Pick<JobBench, 'query'>, value: object): Promise<void> {
  await bench.query(`insert into settings (key, value) values ('sending.email', $1) on conflict (key) do update set value = excluded.value`, [JSON.stringify(value)]);
}
