import { version } from '../../config/version.ts';
import { signatureHeaders } from '../../domain/webhookSignature.ts';
import type { ClaimedDelivery } from './claimDeliveries.ts';

const timeoutMs = 10_000;

export interface PostOutcome {
  /** null when there was no answer */
  status: number | null;
  /** null after 2xx */
  error: string | null;
  /** how long the receiver asks to be left alone, in seconds */
  retryAfter: number | null;
}

/** One attempt. It never throws: whatever goes wrong is its outcome. */
export async function postDelivery({ url, secret, eventId, event, payload, at }: ClaimedDelivery, stopping: AbortSignal): Promise<PostOutcome> {
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
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]),
    });
    await response.body?.cancel();
    const { status } = response;
    return { status, error: response.ok ? null : refusal(status), retryAfter: secondsOf(response.headers.get('retry-after')) };
  } catch (error) {
    return { status: null, error: reasonOf(error), retryAfter: null };
  }
}

function refusal(status: number): string {
  if (status >= 300 && status < 400) return `The receiver answered ${status}; redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

function reasonOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `The receiver did not answer within ${timeoutMs / 1000} s.`;
  const { cause } = error as Error;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : (error as Error).message;
  return `The receiver cannot be reached: ${reason}.`.slice(0, 300);
}

/** Retry-After in seconds; as a date it is not heeded. */
function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
