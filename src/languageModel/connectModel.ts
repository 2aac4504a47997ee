import type { Outreach } from '../config/outreach.ts';
import { explainFailure } from './explainFailure.ts';
import { fetchBounded } from './fetchBounded.ts';

export type LanguageModel = NonNullable<Outreach['languageModel']>;

export interface ModelRequest {
  /** what holds whatever the instruction says */
  rules: string;
  instruction: string;
  /** JSON schema of the answer */
  schema: { [name: string]: unknown };
}

/** What came back, as it came: nothing of it is checked yet. */
export type ModelAnswer = unknown;

/** Asks once. @throws {ModelFailure}; whatever it throws after `signal` was aborted says nothing */
export type AskOnce = (request: ModelRequest, signal: AbortSignal) => Promise<ModelAnswer>;

/** More than any draft needs, so that a model that never ends costs little. */
const maximumTokens = 8_000;
const defaultTimeoutSeconds = 60;

/**
 * A client of an OpenAI-compatible endpoint. It tries nothing again by itself: each attempt has to wait for its turn
 * among all workers, and the package forgets a Retry-After of more than a minute.
 */
export async function connectModel({ baseUrl, apiKey, model, timeoutSeconds = defaultTimeoutSeconds }: LanguageModel): Promise<AskOnce> {
  // Slow to load, and most installations write with Liquid.
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey || 'none',
    defaultHeaders: apiKey ? {} : { authorization: null },
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeoutSeconds * 1_000,
    logLevel: 'off',
    fetch: fetchBounded,
    // What is asked holds personal data, and is for this endpoint only.
    fetchOptions: { redirect: 'manual' },
  });
  /** Parameters that this endpoint has said it does not know. */
  const unknown = new Set<string>();
  return async ({ rules, instruction, schema }, signal) => {
    const optional = {
      max_tokens: maximumTokens,
      response_format: { type: 'json_schema' as const, json_schema: { name: 'draft', strict: true, schema } },
    };
    // The package waits for ever for the rest of a refusal.
    const limit = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1_000));
    try {
      return await client.chat.completions.create(
        {
          model,
          messages: [{ role: 'system', content: rules }, { role: 'user', content: instruction }],
          ...Object.fromEntries(Object.entries(optional).filter(([parameter]) => !unknown.has(parameter))),
        },
        { signal: AbortSignal.any([signal, limit]) },
      );
    } catch (error) {
      throw explainFailure(limit.aborted ? new OpenAI.APIConnectionTimeoutError() : error, { OpenAI, timeoutSeconds, secret: apiKey, forgo: (said) => forgo(said, Object.keys(optional), unknown) });
    }
  };
}

/** Whether the endpoint complains of a parameter that it can do without; from then on it is not sent. */
function forgo(said: string, optional: readonly string[], unknown: Set<string>): boolean {
  const named = optional.filter((parameter) => said.includes(parameter) && !unknown.has(parameter));
  named.forEach((parameter) => unknown.add(parameter));
  return named.length > 0;
}
