import type { Kysely } from 'kysely';
import { askPatiently } from '../../languageModel/askPatiently.ts';
import type { AskOnce } from '../../languageModel/connectModel.ts';
import { costOf } from '../../languageModel/cost.ts';
import { draftRequest, type DraftInstruction } from '../../languageModel/draftRequest.ts';
import { ModelFailure } from '../../languageModel/ModelFailure.ts';
import { readAnswer, type WrittenDraft } from '../../languageModel/readAnswer.ts';
import { fail, renderTexts, toDraft, type DraftTarget, type RenderedDraft, type RefusedTarget } from '../drafts/renderDraft.ts';
import type { Compose, DraftJob } from '../drafts/runDraftChunk.ts';
import type { ModelSettings } from './claimAffordable.ts';
import { holdBack, waitForTurn } from './takeTurn.ts';

export interface ModelWork {
  db: Kysely<any>;
  ask: AskOnce;
  settings: ModelSettings;
  /** ends all waiting */
  signal: AbortSignal;
}

/**
 * Lets the language model write the drafts of a chunk, one after the other. What goes wrong with one is its outcome; a target
 * that changed meanwhile is asked for again only when it would be told something else.
 * The composing throws {@link ModelFailure} when no target of the job can work, and the reason of `signal` once that is aborted.
 */
export function composeWithModel(job: DraftJob, { db, ask, settings, signal }: ModelWork): Compose {
  const answers = new Map<string, WrittenDraft>();
  let cost = 0;
  const write = async (instruction: DraftInstruction): Promise<WrittenDraft> => {
    const request = draftRequest(instruction);
    const known = answers.get(request.instruction);
    if (known) return known;
    const answer = await askPatiently(ask, request, {
      turn: () => waitForTurn(db, settings.requestsPerMinute, signal),
      holdBack: (ms) => holdBack(db, ms),
      signal,
    });
    cost += costOf(request, answer, settings);
    const written = readAnswer(answer, instruction);
    answers.set(request.instruction, written);
    return written;
  };
  const compose = async (target: DraftTarget): Promise<RenderedDraft | RefusedTarget> => {
    const rendered = renderTexts(job.template, target);
    if (!('row' in rendered)) return rendered;
    const { row, subject, body } = rendered;
    // The subject of a follow-up is its thread's.
    const givenSubject = row.subject ?? null;
    try {
      const written = await write({ channel: job.channel, subject: givenSubject === null ? subject : null, body, isFollowUp: job.isFollowUp });
      const draft = toDraft(job.channel, target, { row, subject: givenSubject ?? written.subject, body: written.body });
      const [problem] = draft.problems;
      return problem ? fail(target, { code: 'MODEL_ANSWER_INVALID', message: `The answer of the language model is no draft. ${problem}` }) : draft;
    } catch (error) {
      if (error instanceof ModelFailure && error.reach !== 'job') return fail(target, error);
      throw error;
    }
  };
  return async (targets) => {
    const drafts: RenderedDraft[] = [];
    const refused: RefusedTarget[] = [];
    cost = 0;
    for (const target of targets) {
      const result = await compose(target);
      if ('draftId' in result) drafts.push(result);
      else refused.push(result);
    }
    return { drafts, refused, cost };
  };
}
