import type { IncomingMessage, RequestListener } from 'node:http';
import { GraphQLError } from 'graphql';
import type { ExecutionRequest, Executor } from '../execution/executor.ts';
import type { Admission } from '../limits/Admission.ts';
import { holderOf } from '../limits/holderOf.ts';
import { answerPlainly } from './answerPlainly.ts';
import type { ServerContext } from './context.ts';

/** Each operation takes a place while it runs: who sends slowly, reads slowly or may not ask holds none. */
export function admitOperations(executor: Executor, admission: Admission): Executor {
  return {
    ...executor,
    execute: (request) =>
      admission.admit(() => executor.execute(request), holderOf(actorOf(request))).catch((error: unknown) => {
        if (error instanceof GraphQLError) return { errors: [error] };
        throw error;
      }),
    // Where it is not for it to answer, `execute` does, and says why.
    write: async (request) => {
      const holder = holderOf(actorOf(request));
      return admission.hasPlaceFor(holder) ? admission.admit(() => executor.write(request), holder) : null;
    },
  };
}

const actorOf = ({ context }: ExecutionRequest) => (context as ServerContext).actor;

/** Refuses requests for `path` before anything of them is read while no place is free, which costs a tenth of reading them. */
export function refuseEarly(admission: Admission, path: string, answer: RequestListener): RequestListener {
  return (request, response) => {
    if (!admission.isFull || pathOf(request) !== path) return answer(request, response);
    return answerPlainly(response, admission.refuse());
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!;
