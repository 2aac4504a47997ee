import { z } from 'zod';
import type { ModelAnswer, ModelRequest } from './connectModel.ts';

/** Per million tokens, in any currency. */
export interface Prices {
  inputPricePerMillion: number;
  outputPricePerMillion: number;
}

const tokens = z.int().min(0);
const billed = z.object({ usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }) });
const contents = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) });

/**
 * What an answer cost, usable or not. Where the endpoint does not say how many tokens it took, they are estimated from
 * the texts, rather too many than too few: a cap that is blind is none.
 */
export function costOf(request: ModelRequest, answer: ModelAnswer, { inputPricePerMillion, outputPricePerMillion }: Prices): number {
  const { data } = billed.safeParse(answer);
  const input = data?.usage.prompt_tokens ?? estimate(request.rules + request.instruction);
  const output = data?.usage.completion_tokens ?? estimate(contents.safeParse(answer).data?.choices.map(({ message }) => message.content).join('') ?? '');
  return (input * inputPricePerMillion + output * outputPricePerMillion) / 1_000_000;
}

/** A token has some four letters of English; two bytes are never more than that. */
function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2);
}
