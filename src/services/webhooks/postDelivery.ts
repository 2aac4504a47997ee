import { version } from '../../config/version.ts';
import { signatureHeaders } from '../../domain/webhookSignature.ts';
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
}

/** One attempt. It never throws: whatever goes wrong is its outcome. */
export async function postDelivery(delivery: ClaimedDelivery, { timeoutMs, signal }: PostOptions): Promise<PostOutcome> {
  const { url, secret, eventId, event, payload, at } = delivery;
  const body = JSON.stringify({ type: event, timestamp: new Date(at).toISOString(), data: payload });
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': `Outrider/${version}`,
        ...signatureHeaders({ id: eventId, at: new Date(), body, secret }),
      },
      // It would lead to an address that no administrator has named.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
    });
    await response.body?.cancel();
    const { status } = response;
    return { status, error: response.ok ? null : refusal(status), retryAfter: secondsOf(response.headers.get('retry-after')) };
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError';
    return { status: null, error: isLate ? `The receiver did not answer within ${timeoutMs / 1000} s.` : reasonOf(error as Error), retryAfter: null };
  }
}

function refusal(status: number): string {
  if (status >= 300 && status < 400) return `The receiver answered ${status}; redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

function reasonOf({ message, cause }: Error): string {
  const { code, message: detail } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return `The receiver cannot be reached: ${(code ?? detail ?? message).slice(0, 250)}.`;
}

/** Retry-After in seconds; as a date it is not heeded. */
function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
