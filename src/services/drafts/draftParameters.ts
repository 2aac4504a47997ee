import type { Outreach } from '../../config/outreach.ts';
import { Drafter, type Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { LanguageModel } from '../../languageModel/connectModel.ts';

/** What the row of a job that drafts says to do. */
export interface DraftParameters {
  channel: Channel;
  subject: string | null;
  body: string;
  /** absent: LIQUID */
  drafter?: Drafter;
  /** of follow-ups: days without a reply since the last message */
  afterDays?: number;
}

/**
 * Targets of one chunk. Liquid: large enough that its bookkeeping costs little, small enough that it ends within a lease.
 * A language model: one answer, so that each is written down, and paid for, by itself.
 */
export function chunkSizeOf(drafter: Drafter | undefined): number {
  return drafter === Drafter.LANGUAGE_MODEL ? 1 : 500;
}

/** Nothing for Liquid, which is always there. @throws {UserErrors} NOT_CONFIGURED */
export function checkDrafter(drafter: Drafter | undefined, outreach: Outreach, field?: string): void {
  if (drafter === Drafter.LANGUAGE_MODEL) requireModel(outreach, field);
}

/** @throws {UserErrors} NOT_CONFIGURED */
export function requireModel({ languageModel }: Outreach, field = 'drafter'): LanguageModel {
  if (!languageModel) {
    throw new UserErrors({
      code: UserErrorCode.NOT_CONFIGURED,
      message: 'No language model is configured: set LLM_BASE_URL and LLM_MODEL (and LLM_API_KEY, where it needs one), or let Liquid write the drafts.',
      field: ['input', field],
    });
  }
  return languageModel;
}
