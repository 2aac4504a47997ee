import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  recipient: string;
  messageId: string;
  subject: string;
}

/** Everybody whom the demo writes to, on this machine. */
export interface Recipients {
  smtpUrl: string;
  socialWebhook: { url: string; secret: string; timeoutSeconds: number };
  mails: readonly ReceivedMail[];
  /** social messages that arrived */
  posts(): number;
  /** harmless when it is closed already */
  close(): Promise<void>;
}

/** A mail server and a webhook on free ports of 127.0.0.1, which take everything and pass nothing on. */
export async function openRecipients(): Promise<Recipients> {
  const mails: ReceivedMail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        mails.push(readMail(Buffer.concat(chunks), envelope.rcptTo[0]?.address ?? ''));
        done();
      });
    },
  });
  let posts = 0;
  const webhook = createServer((request, response) => {
    request.resume().on('end', () => {
      posts += 1;
      response.writeHead(204).end();
    });
  });
  await Promise.all([listen(smtp.server), listen(webhook)]);
  let closed: Promise<void> | null = null;
  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    socialWebhook: { url: `http://127.0.0.1:${portOf(webhook)}/`, secret: randomBytes(24).toString('base64'), timeoutSeconds: 10 },
    mails,
    posts: () => posts,
    close: () => {
      webhook.closeAllConnections();
      closed ??= Promise.all([new Promise<void>((resolve) => smtp.close(() => resolve())), new Promise<void>((resolve) => webhook.close(() => resolve()))]).then(() => {});
      return closed;
    },
  };
}

function readMail(raw: Buffer, recipient: string): ReceivedMail {
  const header = raw.toString('latin1').split('\r\n\r\n', 1)[0]!.replace(/\r\n[ \t]+/g, ' ');
  const read = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(header)?.[1] ?? '';
  return { recipient, messageId: read('Message-ID'), subject: read('Subject') };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
