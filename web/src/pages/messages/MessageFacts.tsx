import { Link } from '@tanstack/react-router';
import { words } from '../../parts/format.ts';
import { Time } from '../../parts/Time.tsx';
import parts from '../../parts/parts.module.css';
import type { OpenMessage } from './openMessage.ts';
import { nameOf, wayOf } from './states.ts';

/** To whom, on which way, when, and what it belongs to. */
export function MessageFacts({ message }: { message: OpenMessage }) {
  const { prospect, recipient, draft, job, attempts, dueAt, sentAt, isFollowUp, status } = message;
  return (
    <dl className={parts['facts']}>
      <dt>To</dt>
      <dd>
        {prospect ? (
          <Link to="/prospects" search={{ open: prospect.id }}>
            <bdi>{nameOf(message)}</bdi>
          </Link>
        ) : (
          <bdi>{nameOf(message)}</bdi>
        )}
        {recipient && (
          <>
            {' '}
            · <bdi>{recipient}</bdi>
          </>
        )}
      </dd>
      <dt>Channel</dt>
      <dd>
        {wayOf(message)}
        {isFollowUp && ', a follow-up'}
      </dd>
      {sentAt && (
        <>
          <dt>Sent</dt>
          <dd>
            <Time at={sentAt} exact />
          </dd>
        </>
      )}
      {dueAt && (status === 'QUEUED' || status === 'DEFERRED') && (
        <>
          <dt>Not before</dt>
          <dd>
            <Time at={dueAt} exact />
          </dd>
        </>
      )}
      <dt>Attempts</dt>
      <dd>{attempts}</dd>
      {draft && (
        <>
          <dt>Draft</dt>
          <dd>
            <Link to="/drafts" search={{ open: draft.id }}>
              {words(draft.status)}
            </Link>
          </dd>
        </>
      )}
      {job && (
        <>
          <dt>Job</dt>
          <dd>
            <Link to="/jobs/$id" params={{ id: job.id }}>
              {words(job.type)} job, {words(job.status).toLowerCase()}
            </Link>
          </dd>
        </>
      )}
    </dl>
  );
}
