import type { CombinedError } from 'urql';
import type { Refusal, SaveOutcome } from '../../../parts/form/useForm.ts';

/** What the server says of a value that has not even the right form: `… at "input.email"; An e-mail address looks like …` */
const atField = /at "input\.(\w+)[^"]*"; (.+)$/s;

/** Why nothing was saved, with the field where the server names one, in whichever of its two ways. */
export function refusalsOf(error: CombinedError | undefined, userErrors: readonly Refusal[] = []): SaveOutcome {
  const malformed = (error?.graphQLErrors ?? []).flatMap(({ message }): Refusal[] => {
    const [, field, reason] = atField.exec(message) ?? [];
    return field && reason ? [{ code: 'INVALID', message: reason, field: ['input', field] }] : [];
  });
  const isAll = error && malformed.length > 0 && malformed.length === error.graphQLErrors.length;
  return { refusals: [...userErrors, ...malformed], error: isAll ? undefined : error };
}
