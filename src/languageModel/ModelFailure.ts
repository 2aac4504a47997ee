/**
 * How far a failure of the language model reaches: the attempt (it may well work a little later), the target (asking again
 * would give the same), or the job (no target of it can work).
 */
export type Reach = 'attempt' | 'target' | 'job';

/** Codes of targets that the language model gave nothing usable for. */
export type ModelFailureCode = 'MODEL_UNAVAILABLE' | 'MODEL_REFUSED' | 'MODEL_ANSWER_INVALID';

/** A request to a language model that gave no draft; the message is one sentence for a person. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly code: ModelFailureCode;
  readonly reach: Reach;
  /** milliseconds that the endpoint asks everybody to wait, where it does */
  readonly retryAfterMs: number | null;

  constructor(code: ModelFailureCode, message: string, { reach = 'target', retryAfterMs = null }: { reach?: Reach; retryAfterMs?: number | null } = {}) {
    super(message);
    this.code = code;
    this.reach = reach;
    this.retryAfterMs = retryAfterMs;
  }
}
