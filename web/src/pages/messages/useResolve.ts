import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { CancelMessageDocument, type MessageResolution, ResolveMessageDocument } from '../../graphql/graphql.ts';

/** What is done to messages by a person: one of the resolutions, or giving them up. */
export type Decision = MessageResolution | 'CANCEL';

/** What became of a decision about several messages. */
export interface Outcome {
  decision: Decision;
  /** ids of those that it was carried out for */
  done: string[];
  /** those that the server refused, and why */
  refused: { id: string; message: string }[];
  /** ids of those that were not asked for any more, because the server failed; and how */
  left: string[];
  failure: string | null;
}

export const queriesOfMessages = ['Messages', 'MessageCounts', 'WaitingMessages', 'Message', 'InboundMessage'];

/** Decides about messages one after the other, and says of each what became of it. A second call while one runs does nothing. */
export function useResolve() {
  const client = useClient();
  const running = useRef(false);
  const [progress, setProgress] = useState<{ asked: number; of: number } | null>(null);

  async function decide(ids: readonly string[], decision: Decision): Promise<Outcome | null> {
    if (running.current) return null;
    running.current = true;
    const outcome: Outcome = { decision, done: [], refused: [], left: [], failure: null };
    for (const [index, id] of ids.entries()) {
      setProgress({ asked: index, of: ids.length });
      const { payload, error } = await ask(id);
      if (!payload) {
        outcome.left = ids.slice(index);
        outcome.failure = error?.graphQLErrors[0]?.message ?? 'The server does not answer.';
        break;
      }
      const [refusal] = payload.userErrors;
      if (refusal) outcome.refused.push({ id, message: refusal.message });
      else outcome.done.push(id);
    }
    running.current = false;
    setProgress(null);
    refetch(client, queriesOfMessages);
    return outcome;

    async function ask(messageId: string) {
      if (decision === 'CANCEL') {
        const { data, error } = await client.mutation(CancelMessageDocument, { input: { id: messageId } });
        return { payload: data?.cancelMessage, error };
      }
      const { data, error } = await client.mutation(ResolveMessageDocument, { input: { id: messageId, resolution: decision } });
      return { payload: data?.resolveMessage, error };
    }
  }

  return { decide, progress };
}
