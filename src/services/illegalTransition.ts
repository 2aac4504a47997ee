import { UserErrorCode, type UserError } from '../domain/errors.ts';
import { toGlobalId, type NodeType } from '../domain/globalId.ts';
import type { Transitions } from '../domain/transitions.ts';

/** That something cannot go where it was told to go, or do what it would do on the way, with where it can go instead. */
export function illegalTransition<State extends string>(
  type: NodeType, key: string, transitions: Transitions<State>, { from, to, cannot = `become ${to.toUpperCase()}` }: { from: State; to: State; cannot?: string },
): UserError {
  const allowed = transitions[from].map((state) => state.toUpperCase());
  const hint = allowed.length > 0 ? `from there it goes to ${allowed.join(' or ')}` : 'nothing follows that';
  return {
    code: UserErrorCode.ILLEGAL_TRANSITION,
    message: `The ${type.toLowerCase()} is ${from.toUpperCase()} and cannot ${cannot}: ${hint}.`,
    field: ['input', 'id'],
    target: toGlobalId(type, key),
    allowed,
  };
}
