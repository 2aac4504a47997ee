import type { OpenAI } from 'openai';
import { AnswerTooLarge } from './fetchBounded.ts';
import { ModelFailure } from './ModelFailure.ts';

interface Circumstances {
  OpenAI: typeof OpenAI;
  timeoutSeconds: number;
  /** never told again, even when the endpoint repeats it */
  secret: string;
  /** whether what a refusal names can be left out of the next request */
  forgo(said: string): boolean;
}

/** Statuses that hold for whatever is asked with this key, address and model. */
const hopeless: Readonly<Record<number, string>> = {
  401: 'set LLM_API_KEY to a key that it knows',
  402: 'its account has no credit left',
  404: 'set LLM_BASE_URL and LLM_MODEL to what it has',
};

/** Sorts what the client threw by what can be done about it. */
export function explainFailure(error: unknown, { OpenAI, timeoutSeconds, secret, forgo }: Circumstances): ModelFailure {
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new ModelFailure('MODEL_UNAVAILABLE', `The language model did not answer within ${timeoutSeconds} seconds.`, { reach: 'attempt' });
  }
  if (causedBy(error, AnswerTooLarge)) {
    return new ModelFailure('MODEL_ANSWER_INVALID', 'The answer of the language model did not end.');
  }
  if (error instanceof SyntaxError) {
    return new ModelFailure('MODEL_ANSWER_INVALID', 'The language model answered with something that is not JSON.');
  }
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    return explainStatus(error.status, error, { secret, forgo });
  }
  const reason = rootOf(error);
  return new ModelFailure('MODEL_UNAVAILABLE', `The connection to the language model failed: ${reason}.`, { reach: 'attempt' });
}

type Refusal = InstanceType<typeof OpenAI.APIError>;

function explainStatus(status: number, error: Refusal, { secret, forgo }: Pick<Circumstances, 'secret' | 'forgo'>): ModelFailure {
  const said = shorten(secret ? error.message.replaceAll(secret, '…') : error.message);
  const message = `The language model's endpoint answered ${said}`;
  const advice = error.code === 'insufficient_quota' ? hopeless[402] : hopeless[status];
  if (advice) {
    return new ModelFailure('MODEL_REFUSED', `${message}: ${advice}.`, { reach: 'job' });
  }
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return new ModelFailure('MODEL_UNAVAILABLE', `${message}.`, { reach: 'attempt', retryAfterMs: retryAfter(error.headers) });
  }
  return new ModelFailure('MODEL_REFUSED', `${message}.`, { reach: forgo(error.message) ? 'attempt' : 'target' });
}

/** Milliseconds of `retry-after-ms` or Retry-After (seconds or a date), an hour at most; null where there is none. */
function retryAfter(headers: Headers | undefined): number | null {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  const given = headers?.get('retry-after') ?? '';
  const candidates = [milliseconds, Number.parseFloat(given) * 1_000, Date.parse(given) - Date.now()];
  const wait = candidates.find((candidate) => Number.isFinite(candidate));
  return wait === undefined ? null : Math.min(Math.max(wait, 0), 3_600_000);
}

function causedBy(error: unknown, type: typeof AnswerTooLarge): boolean {
  return error instanceof type || (error instanceof Error && error.cause !== undefined && causedBy(error.cause, type));
}

/** The innermost reason, such as ECONNREFUSED. */
function rootOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return rootOf(error.cause);
  return shorten(error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error));
}

function shorten(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200).toWellFormed().replace(/[.:]+$/, '');
}
