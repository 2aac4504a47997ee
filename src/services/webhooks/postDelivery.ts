import type dns from 'node:dns';
import { version } from '../../config/version.ts';
import { signatureHeaders } from '../../domain/webhookSignature.ts';
import { refusalOf } from '../../network/publicAddress.ts';
import { AddressRefusedError, requestPublic } from '../../network/requestPublic.ts';
import type { ClaimedDelivery } from './claimDeliveries.ts';

export interface PostOutcome {
  /** null when there was no answer */
  status: number | null;
  /** null after 2xx */
  error: string | null;
  /** how long the receiver asks to be left alone, in seconds */
  retryAfter: number | null;
}

export interface PostOptions {
  timeoutMs: number;
  /** breaks the attempt off */
  signal: AbortSignal;
  /** "host" or "host:port" that is posted to although it is not public */
  allowedHosts: readonly string[];
  /** resolves names; the system's unless told */
  lookup?: typeof dns.lookup;
}

/** One attempt, at an address that is checked where it is connected to. It never throws: whatever goes wrong is its outcome. */
export async function postDelivery(delivery: ClaimedDelivery, { timeoutMs, signal, allowedHosts, lookup }: PostOptions): Promise<PostOutcome> {
  const { url, secret, eventId, event, payload, at } = delivery;
  const body = JSON.stringify({ type: event, timestamp: new Date(at).toISOString(), data: payload });
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `Outrider/${version}`,
    ...signatureHeaders({ id: eventId, at: new Date(), body, secret }),
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // Redirects are not followed: they would lead to an address that no administrator has named. Nor is the answer read.
    const response = await requestPublic(new URL(url), { headers, body, allowedHosts, ports: 'unprivileged', lookup, signal: AbortSignal.any([timeout, signal]) });
    response.destroy();
    const status = response.statusCode ?? 0;
    return { status, error: status >= 200 && status < 300 ? null : refusal(status), retryAfter: secondsOf(response.headers['retry-after']) };
  } catch (error) {
    return { status: null, error: timeout.aborted ? `The receiver did not answer within ${timeoutMs / 1000} s.` : reasonOf(error as Error), retryAfter: null };
  }
}

/** Why nothing would be posted to an address, as far as its text tells, as a sentence that says what to do; null for others. */
export function webhookUrlProblem(url: string, allowedHosts: readonly string[]): string | null {
  const refused = refusalOf(new URL(url), { allowedHosts, ports: 'unprivileged' });
  return refused && refusedSentence(refused);
}

const refusedSentence = (reason: string) => `Nothing is posted there: ${reason}. WEBHOOK_ALLOWED_HOSTS names hosts of an intranet that may be posted to.`;

function refusal(status: number): string {
  if (status >= 300 && status < 400) return `The receiver answered ${status}; redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AddressRefusedError) return refusedSentence(error.message);
  return `The receiver cannot be reached: ${(error.code ?? error.message).slice(0, 250)}.`;
}

/** Retry-After in seconds; as a date it is not heeded. */
function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
