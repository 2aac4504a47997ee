import { Failure } from '../Failure.tsx';
import { UserErrors } from '../UserErrors.tsx';
import type { SaveOutcome } from './useForm.ts';

/** Why something did not work; nothing where it did. */
export function Outcome({ of: { refusals = [], error }, title = 'Nothing was changed' }: { of: SaveOutcome; title?: string }) {
  return (
    <>
      <UserErrors errors={refusals} title={title} />
      {error && <Failure title={title} error={error} />}
    </>
  );
}
