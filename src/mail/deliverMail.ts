import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';

export interface Delivery {
  /**
   * - `sent`: the server has taken it
   * - `refused`: the server will never take it
   * - `deferred`: not now; what is left of it will not be delivered
   * - `unavailable`: the server takes nothing from us, whatever the message: it is down, or the login or the sender is refused
   * - `interrupted`: we were told to stop before its end had left
   * - `unknown`: its end has left, and no answer has come
   */
  outcome: 'sent' | 'refused' | 'deferred' | 'unavailable' | 'interrupted' | 'unknown';
  /** what the server said, or what went wrong, in one line */
  response: string;
}

export interface Handover {
  /** smtp:// or smtps://; nodemailer's parameters may follow (`?requireTLS=true`, `?socketTimeout=30000`) */
  smtpUrl: string;
  from: string;
  to: string;
  /** the mail as it goes over the wire */
  raw: Buffer;
  /** called when all but the end of the mail has left; the end leaves when it resolves, and never when it rejects */
  handOver: () => Promise<void>;
  /** gives up, unless the end of the mail has left */
  stopping: AbortSignal;
}

/** Milliseconds; RFC 5321 wants some minutes for each answer. SMTP_URL may say otherwise. */
const patience = { connectionTimeout: 30_000, greetingTimeout: 60_000, socketTimeout: 300_000, dnsTimeout: 15_000 };
/** For a server that says a little again and again. */
const longest = 900_000;

interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** How far a mail has come. */
interface Progress {
  /** the server has asked for the mail */
  begun: boolean;
  /** the end of the mail has left, or is about to */
  left: boolean;
  /** nobody waits for it any more */
  settled: boolean;
  /** why the end was held back */
  failure?: Error;
}

/**
 * Hands one mail to the server, on a connection of its own.
 * @throws what `handOver` threw; the mail's end has not left then
 */
export async function deliverMail({ smtpUrl, from, to, raw, handOver, stopping }: Handover): Promise<Delivery> {
  const { transporter } = createTransport({ ...patience, url: smtpUrl });
  const progress: Progress = { begun: false, left: false, settled: false };
  const limit = AbortSignal.timeout(longest);
  const giveUp = new AbortController();
  const stop = () => progress.left || giveUp.abort();
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  // The connection reads the mail only when the server has asked for it: nodemailer's own mails are read ahead.
  const message = {
    getEnvelope: () => ({ from, to: [to] }),
    messageId: () => '',
    createReadStream: () => Readable.from(inTwoSteps(raw, progress, handOver), { objectMode: false }),
  };
  try {
    const response = await new Promise<string>((resolve, reject) => {
      const mail = { data: { signal: AbortSignal.any([giveUp.signal, limit]) }, message };
      transporter.send(mail as unknown as Parameters<typeof transporter.send>[0], (error, info) => (error ? reject(error) : resolve(info!.response)));
    });
    return progress.left ? { outcome: 'sent', response } : { outcome: 'deferred', response: `The server answered before the mail had ended: ${response}` };
  } catch (error) {
    if (progress.failure) throw progress.failure;
    return { outcome: giveUp.signal.aborted ? 'interrupted' : outcomeOf(error as SmtpError, progress), response: inOneLine(error as SmtpError) };
  } finally {
    progress.settled = true;
    stopping.removeEventListener('abort', stop);
  }
}

async function* inTwoSteps(raw: Buffer, progress: Progress, handOver: () => Promise<void>): AsyncGenerator<Buffer> {
  progress.begun = true;
  yield raw;
  try {
    if (!progress.settled) await handOver();
  } catch (error) {
    progress.failure = error as Error;
    throw error;
  }
  if (progress.settled) throw new Error('The connection was lost before the mail had ended.');
  progress.left = true;
}

function outcomeOf(error: SmtpError, { begun, left }: Progress): Delivery['outcome'] {
  const { command, responseCode: code = 0 } = error;
  const answered = code >= 400;
  if (left) {
    // Whatever else breaks off now: it may have been taken before.
    if (command !== 'DATA' || !answered) return 'unknown';
    return code < 500 ? 'deferred' : 'refused';
  }
  if (error.code === 'EENVELOPE' && error.message.startsWith('Invalid recipient')) return 'refused';
  if (command === 'RCPT TO' || command === 'DATA') return ofRecipient(code);
  return begun && !answered ? 'deferred' : 'unavailable';
}

/** Answers that ask us to log in (RFC 4954) or say goodbye (421) stand here too, and mean everybody. */
function ofRecipient(code: number): Delivery['outcome'] {
  if (code === 421 || code === 530 || code === 534 || code === 535 || code === 538) return 'unavailable';
  return code < 500 ? 'deferred' : 'refused';
}

/** At most 500 characters; nodemailer puts its own words before the server's. */
function inOneLine({ response, message }: SmtpError): string {
  return (response ?? message).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}
