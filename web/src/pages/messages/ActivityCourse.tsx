import type { ActivityLineFragment } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import { Time } from '../../parts/Time.tsx';
import classes from './Messages.module.css';

/** A moment in the life of something. */
export interface Moment {
  key: string;
  at: string | null;
  what: string;
  /** who, and what else is known */
  aside?: string;
}

/** What happened, in the order in which it did. */
export function Course({ label, moments }: { label: string; moments: readonly Moment[] }) {
  return (
    <ol className={classes['course']} aria-label={label}>
      {moments.map(({ key, at, what, aside }) => (
        <li key={key}>
          <span>
            {what}
            {aside && <span className={classes['aside']}> {aside}</span>}
          </span>
          {at && <Time at={at} />}
        </li>
      ))}
    </ol>
  );
}

/** "message.sent" → "Message sent"; with the state that it led to where the action does not say it. */
export function momentOf({ id, action, actor, at, to, details }: ActivityLineFragment): Moment {
  const what = words(action.replaceAll('.', '_'));
  const state = to && !action.endsWith(to.toLowerCase()) ? `: ${words(to).toLowerCase()}` : '';
  const reason = typeof details === 'object' && details !== null && 'reason' in details && typeof details.reason === 'string' ? ` · ${details.reason}` : '';
  return { key: id, at, what: what + state, aside: `by ${actor}${reason}` };
}
