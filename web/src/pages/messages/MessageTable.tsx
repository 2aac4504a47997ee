import { Link } from '@tanstack/react-router';
import type { MessageRowFragment } from '../../graphql/graphql.ts';
import { Time } from '../../parts/Time.tsx';
import type { RowSelection } from '../../parts/useRowSelection.ts';
import classes from './Messages.module.css';
import { MessageTone } from './MessageTone.tsx';
import { nameOf, titleOf, wayOf } from './states.ts';

type Props = {
  label: string;
  messages: readonly MessageRowFragment[];
  open: string | undefined;
  /** absent where nothing can be done with several */
  selection?: RowSelection | undefined;
};

/** Messages: to whom, about what, how far each has come and why. */
export function MessageTable({ label, messages, open, selection }: Props) {
  return (
    <table className={classes['table']} aria-label={label}>
      <thead>
        <tr>
          {selection && (
            <th scope="col" className={classes['pick']}>
              <input
                type="checkbox"
                aria-label="Select this page"
                checked={selection.selected.size === messages.length}
                ref={(box) => {
                  if (box) box.indeterminate = selection.selected.size > 0 && selection.selected.size < messages.length;
                }}
                onChange={selection.toggleAll}
              />
            </th>
          )}
          <th scope="col">To</th>
          <th scope="col" className={classes['state']}>State</th>
          <th scope="col" className={classes['when']}>When</th>
        </tr>
      </thead>
      <tbody>
        {messages.map((message) => (
          <Row key={message.id} message={message} isOpen={message.id === open} selection={selection} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ message, isOpen, selection }: { message: MessageRowFragment; isOpen: boolean; selection: RowSelection | undefined }) {
  const name = nameOf(message);
  return (
    <tr data-row-of={message.id} data-open={isOpen || undefined}>
      {selection && (
        <td className={classes['pick']}>
          <input
            type="checkbox"
            aria-label={`Select the message to ${name}`}
            checked={selection.selected.has(message.id)}
            onChange={() => selection.toggle(message.id)}
          />
        </td>
      )}
      <td className={classes['main']}>
        <div className={classes['whom']}>
          <Link
            from="/messages"
            to="/messages"
            search={(old) => ({ ...old, open: message.id })}
            resetScroll={false}
            className={classes['name']}
            data-row={message.id}
            aria-current={isOpen || undefined}
          >
            <bdi>{name}</bdi>
          </Link>
          <span className={classes['aside']}>
            {wayOf(message)}
            {message.recipient && <> · {message.recipient.replace(/^https?:\/\//, '')}</>}
            {message.isFollowUp && ' · Follow-up'}
          </span>
        </div>
        <bdi className={classes['clamp']}>{titleOf(message)}</bdi>
      </td>
      <td className={classes['state']}>
        <MessageTone status={message.status} />
        <Why message={message} />
      </td>
      <td className={classes['when']}>
        <Time at={message.sentAt ?? message.createdAt} />
        {message.sentAt === null && <div className={classes['aside']}>queued</div>}
      </td>
    </tr>
  );
}

/** Why it waits or failed, and until when. */
function Why({ message: { status, blockedBy, dueAt, error, attempts } }: { message: MessageRowFragment }) {
  const waits = status === 'QUEUED' || status === 'DEFERRED';
  const reason = waits ? blockedBy : error;
  return (
    <div className={classes['aside']}>
      {reason && (
        <bdi className={classes['clamp']}>{reason}</bdi>
      )}
      {waits && dueAt && (
        <div>
          Not before <Time at={dueAt} />
          {attempts > 0 && ` · tried ${attempts === 1 ? 'once' : `${attempts} times`}`}
        </div>
      )}
    </div>
  );
}
