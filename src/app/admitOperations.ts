import type { IncomingMessage, RequestListener } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Executor } from '../execution/executor.ts';
import type { Admission } from '../limits/Admission.ts';
import { answerPlainly } from './answerPlainly.ts';

/** Each operation takes a place while it runs: who sends slowly, reads slowly or may not ask holds none. */
export function admitOperations(executor: Executor, admission: Admission): Executor {
  return {
    ...executor,
    execute: (request) =>
      admission.admit(() => executor.execute(request)).catch((error: unknown) => {
        if (error instanceof GraphQLError) return { errors: [error] };
        throw error;
      }),
    // Where it is not for it to answer, `execute` does, and says why.
    write: async (request) => (admission.isFull ? null : admission.admit(() => executor.write(request))),
  };
}

/** Refuses requests for `path` before anything of them is read while no place is free, which costs a tenth of reading them. */
export function refuseEarly(admission: Admission, path: string, answer: RequestListener): RequestListener {
  return (request, response) => {
    if (!admission.isFull || pathOf(request) !== path) return answer(request, response);
    return answerPlainly(response, admission.refuse());
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!;
