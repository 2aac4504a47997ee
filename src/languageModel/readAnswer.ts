import { z } from 'zod';
import type { ModelAnswer } from './connectModel.ts';
import { answerLimits, dataOf, type DraftInstruction } from './draftRequest.ts';
import { findForeignLink } from './findForeignLink.ts';
import { findPlaceholder } from './findPlaceholder.ts';
import { ModelFailure } from './ModelFailure.ts';

export interface WrittenDraft {
  /** one line; null where none was asked for */
  subject: string | null;
  body: string;
}

const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

const text = (limit: number) => z.string().transform((value) => value.replace(/\r\n?/g, '\n').trim()).pipe(z.string().min(1).max(limit));

const mail = z.strictObject({ subject: text(answerLimits.subject), body: text(answerLimits.body) });
/** Some models write a subject whatever they are told. */
const message = z.strictObject({ subject: z.unknown().optional(), body: text(answerLimits.body) }).transform(({ body }) => ({ subject: null, body }));

/** Control characters but tab and line feed, those that turn the direction of writing, halves of surrogate pairs. */
const unprintable = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;

/**
 * The draft in a model's answer, when it is one: exactly the texts that were asked for, whole, of a sane length, nothing
 * left to be filled in.
 * @throws {ModelFailure} MODEL_ANSWER_INVALID, MODEL_REFUSED
 */
export function readAnswer(answer: ModelAnswer, instruction: DraftInstruction): WrittenDraft {
  const parsed = completion.safeParse(answer);
  if (!parsed.success) throw invalid('has no choices');
  const { finish_reason: reason, message: { content, refusal } } = parsed.data.choices[0]!;
  if (refusal) throw new ModelFailure('MODEL_REFUSED', `The language model refused: ${refusal.replace(/\s+/g, ' ').slice(0, 200).toWellFormed()}`);
  if (reason === 'content_filter') throw new ModelFailure('MODEL_REFUSED', "The language model's content filter stopped the answer.");
  if (reason === 'length') throw invalid('is cut off: it grew too long');
  if (!content?.trim()) throw invalid('is empty');
  return check(parseTexts(content, instruction), instruction);
}

function parseTexts(content: string, { subject }: DraftInstruction): WrittenDraft {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw invalid('is not the JSON that was asked for');
  }
  const texts = subject === null ? message.safeParse(value) : mail.safeParse(value);
  if (texts.success) return texts.data;
  const [issue] = texts.error.issues;
  const where = issue!.path.join('.');
  const problems: Partial<Record<string, string>> = { too_small: `has an empty ${where}`, too_big: `has a ${where} that is too long` };
  throw invalid(problems[issue!.code] ?? 'is not the JSON that was asked for');
}

function check({ subject, body }: WrittenDraft, instruction: DraftInstruction): WrittenDraft {
  const written = subject === null ? body : `${subject}\n${body}`;
  if (unprintable.test(written)) throw invalid('has characters that are no text');
  const placeholder = findPlaceholder(written, dataOf(`${instruction.subject} ${instruction.body}`).join('\n'));
  if (placeholder) throw invalid(`leaves ${placeholder} to be filled in`);
  const link = findForeignLink(written, `${instruction.subject} ${instruction.body}`);
  if (link) throw invalid(`names ${link}, which nobody told it to`);
  return { subject: subject && subject.replace(/\s+/g, ' '), body };
}

function invalid(problem: string): ModelFailure {
  return new ModelFailure('MODEL_ANSWER_INVALID', `The answer of the language model ${problem}.`);
}
