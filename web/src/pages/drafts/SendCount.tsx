import { Notice } from '../../parts/Notice.tsx';
import { plural } from '../../parts/format.ts';
import classes from './Drafts.module.css';

type Props = {
  /** null when they could not be counted */
  approved: number | null;
  /** messages that were made of such drafts before, and have not left */
  waiting: number | null;
  ofJob: boolean;
};

/** How many drafts would be sent. */
export function SendCount({ approved, waiting, ofJob }: Props) {
  if (approved === 0) {
    return (
      <Notice tone="warn" title="No approved draft">
        <p>Review drafts first: only approved ones are sent.</p>
      </Notice>
    );
  }
  return (
    <p className={classes['lead']} role="status">
      <strong>{approved === null ? 'An unknown number of approved drafts' : plural(approved, 'approved draft')}</strong>
      {ofJob && ' of the chosen job'}.
      {waiting ? ` ${plural(waiting, 'message')} of this channel already ${waiting === 1 ? 'waits' : 'wait'}: such drafts are skipped, each with its reason.` : ''}
    </p>
  );
}
