import type { Client, CombinedError } from 'urql';
import { type ReviewDecision, ReviewDraftsDocument, type ReviewDraftsMutation, type UserErrorCode } from '../../graphql/graphql.ts';
import type { ReadDraft } from './readDraft.ts';

export type Decision = { decision: ReviewDecision; reason?: string | undefined };

/** A draft that stayed as it was, and why. */
export type Refusal = { draft: ReadDraft; code: UserErrorCode; message: string };

/** What became of a decision: every draft that was named is in exactly one of the three lists. */
export type Outcome = Decision & {
  changed: readonly ReadDraft[];
  refused: readonly Refusal[];
  /** never asked for: it was stopped, or the server did not answer any more */
  untried: readonly ReadDraft[];
  error?: CombinedError | undefined;
};

/** As many as one request may name. */
const atATime = 100;

type Watch = { progress?: (done: number) => void; stopped?: () => boolean };

/** Decides over drafts, a hundred at a time, and adds up what really happened. */
export async function decide(client: Client, drafts: readonly ReadDraft[], { decision, reason }: Decision, { progress, stopped }: Watch = {}): Promise<Outcome> {
  const changed: ReadDraft[] = [];
  const refused: Refusal[] = [];
  for (let from = 0; from < drafts.length; from += atATime) {
    if (stopped?.()) return { decision, reason, changed, refused, untried: drafts.slice(from) };
    const some = drafts.slice(from, from + atATime);
    const input = { decision, reason: reason || undefined, drafts: some.map(({ id, fingerprint }) => ({ id, fingerprint })) };
    const { data, error } = await client.mutation(ReviewDraftsDocument, { input }).toPromise();
    if (!data) return { decision, reason, changed, refused, untried: drafts.slice(from), error };
    const answer = sorted(some, data.reviewDrafts);
    changed.push(...answer.changed);
    refused.push(...answer.refused);
    progress?.(from + some.length);
  }
  return { decision, reason, changed, refused, untried: [] };
}

function sorted(drafts: readonly ReadDraft[], { drafts: done, userErrors }: ReviewDraftsMutation['reviewDrafts']): Pick<Outcome, 'changed' | 'refused'> {
  const ids = new Set(done.map(({ id }) => id));
  const errors = new Map(userErrors.map((error) => [error.target, error]));
  return {
    changed: drafts.filter(({ id }) => ids.has(id)),
    refused: drafts
      .filter(({ id }) => !ids.has(id))
      .map((draft) => {
        // An error that names no draft is about the whole request.
        const { code, message } = errors.get(draft.id) ?? errors.get(null) ?? { code: 'INVALID' as const, message: 'The server did not say why.' };
        return { draft, code, message };
      }),
  };
}

/** The decisions that take one back: each draft to the state that it had. */
export function reverse({ decision, changed }: Outcome): { drafts: readonly ReadDraft[]; back: Decision }[] {
  if (decision !== 'REOPEN') return [{ drafts: changed, back: { decision: 'REOPEN' } }];
  const approved = changed.filter(({ status }) => status === 'APPROVED');
  const rejected = Map.groupBy(changed.filter(({ status }) => status === 'REJECTED'), ({ reviewReason }) => reviewReason ?? undefined);
  return [
    ...(approved.length > 0 ? [{ drafts: approved, back: { decision: 'APPROVE' } as const }] : []),
    ...[...rejected].map(([reason, drafts]) => ({ drafts, back: { decision: 'REJECT', reason } as const })),
  ];
}
