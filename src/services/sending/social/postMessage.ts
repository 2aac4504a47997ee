import { once } from 'node:events';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { TLSSocket } from 'node:tls';
import { version } from '../../../config/version.ts';
import { signatureHeaders } from '../../../domain/webhookSignature.ts';

/** What the receiver is asked to send. The same on every attempt: it knows a repetition by `id`. */
export interface SocialPost {
  id: string;
  type: 'message.send';
  platform: string;
  username: string;
  displayName: string | null;
  profileUrl: string;
  body: string;
  isFollowUp: boolean;
  prospectId: string;
}

export interface Posting {
  webhook: { url: string; secret: string; timeoutSeconds: number };
  post: SocialPost;
  /** called once the receiver is connected; the request leaves when it resolves, and never when it rejects */
  handOver: () => Promise<void>;
  /** gives up, unless the request has left */
  stopping: AbortSignal;
}

export interface Posted {
  /**
   * - `sent`: the receiver has taken it
   * - `refused`: it never will
   * - `deferred`: it says: not now
   * - `unavailable`: it takes nothing from us, whatever the message: it cannot be reached, or is gone (410)
   * - `interrupted`: we were told to stop before the request had left
   * - `unknown`: the request has left, and no answer has come
   */
  outcome: 'sent' | 'refused' | 'deferred' | 'unavailable' | 'interrupted' | 'unknown';
  /** what the receiver said, or what went wrong, in one line of at most 500 characters */
  response: string;
  /** seconds that it asks to be left alone; null when it does not */
  retryAfter: number | null;
}

/** Milliseconds. */
const patience = { connection: 10_000, text: 2_000 };
const shown = 500;

/**
 * Hands one message to the webhook, on a connection of its own, signed as Standard Webhooks has it.
 * @throws what `handOver` threw; the request has not left then
 */
export async function postMessage({ webhook, post, handOver, stopping }: Posting): Promise<Posted> {
  const body = JSON.stringify(post);
  const request = open(webhook, post.id, body);
  try {
    await connected(request, AbortSignal.any([stopping, AbortSignal.timeout(patience.connection)]));
  } catch (error) {
    request.destroy();
    const outcome = stopping.aborted ? 'interrupted' : 'unavailable';
    return { outcome, response: `The webhook cannot be reached: ${reasonOf(error)}.`.slice(0, shown), retryAfter: null };
  }
  try {
    await handOver();
  } catch (error) {
    request.destroy();
    throw error;
  }
  try {
    const limit = AbortSignal.timeout(webhook.timeoutSeconds * 1_000);
    const [answer] = (await once(request.end(body), 'response', { signal: limit })) as [IncomingMessage];
    return await read(answer);
  } catch (error) {
    return { outcome: 'unknown', response: `The webhook has not answered, and may have sent it: ${reasonOf(error)}.`.slice(0, shown), retryAfter: null };
  } finally {
    request.destroy();
  }
}

/** Nothing of it leaves before it is ended. */
function open({ url, secret }: Posting['webhook'], id: string, body: string): ClientRequest {
  const address = new URL(url);
  const request = (address.protocol === 'https:' ? requestHttps : requestHttp)(address, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': `Outrider/${version}`,
      ...signatureHeaders({ id, at: new Date(), body, secret }),
    },
  });
  // Whoever waits hears of it; afterwards there is nobody to tell.
  return request.on('error', () => {});
}

async function connected(request: ClientRequest, signal: AbortSignal): Promise<void> {
  await once(request, 'socket', { signal });
  const { socket } = request;
  await once(socket!, socket instanceof TLSSocket ? 'secureConnect' : 'connect', { signal });
}

/** The status is the answer; what else it says is for people. */
async function read(answer: IncomingMessage): Promise<Posted> {
  const status = answer.statusCode!;
  const text = status >= 300 && status < 400 ? 'redirects are not followed' : await textOf(answer);
  const response = `The webhook answered ${status}${text && `: ${text}`}`.slice(0, shown);
  return { outcome: outcomeOf(status), response, retryAfter: secondsOf(answer.headers['retry-after']) };
}

function outcomeOf(status: number): Posted['outcome'] {
  if (status >= 200 && status < 300) return 'sent';
  if (status === 410) return 'unavailable';
  return status >= 500 || status === 408 || status === 425 || status === 429 ? 'deferred' : 'refused';
}

/** As much of it as is shown, in one line; what breaks off or does not end is cut. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  const limit = setTimeout(() => answer.destroy(), patience.text);
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      if (parts.reduce((sum, { length }) => sum + length, 0) > shown * 4) break;
    }
  } catch {
    // It broke off: the status had come before.
  } finally {
    clearTimeout(limit);
  }
  return new TextDecoder().decode(Buffer.concat(parts)).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Retry-After as RFC 9110 has it, seconds or a date; a day at most. */
function secondsOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(Math.ceil(seconds), 0), 86_400);
}

function reasonOf(error: unknown): string {
  const { name, code, message, cause } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return (cause as Error | undefined)?.name === 'TimeoutError' ? 'it took too long' : 'we were told to stop';
  // A host with several addresses fails with an error that holds one for each, and says nothing itself.
  return message || (code ?? 'the connection broke');
}
