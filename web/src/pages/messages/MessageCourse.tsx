import type { ActivityLineFragment } from '../../graphql/graphql.ts';
import { plural } from '../../parts/format.ts';
import { Course, type Moment, momentOf } from './ActivityCourse.tsx';
import type { OpenMessage } from './openMessage.ts';
import classes from './Messages.module.css';

type Props = { message: OpenMessage; /** null when they could not be read */ activities: readonly ActivityLineFragment[] | null; name: string };

/** What happened to a message, oldest first; and what else was done to whom it is for. */
export function MessageCourse({ message, activities, name }: Props) {
  const own = (activities ?? []).toReversed();
  const known = new Set(own.map(({ id }) => id));
  const others = (message.prospect?.activities?.nodes ?? []).filter(({ id }) => !known.has(id));
  return (
    <>
      <section aria-label="Course">
        <h3>Course</h3>
        <Course label="What happened to it" moments={momentsOf(message, own)} />
        {activities === null && <p className={classes['aside']}>What else was recorded of it could not be read.</p>}
      </section>
      {others.length > 0 && (
        <details>
          <summary>
            {plural(others.length, 'more entry', 'more entries')} about <bdi>{name}</bdi>
          </summary>
          <Course label={`What was done to ${name}`} moments={others.toReversed().map(momentOf)} />
        </details>
      )}
    </>
  );
}

/** What is recorded; what the message itself says where nothing is; and what is still to come. */
function momentsOf({ status, createdAt, sentAt, dueAt }: OpenMessage, activities: readonly ActivityLineFragment[]): Moment[] {
  const has = (action: string) => activities.some((activity) => activity.action === action);
  const moments = activities.map(momentOf);
  if (!has('message.queued')) moments.push({ key: 'queued', at: createdAt, what: 'Message queued' });
  if (sentAt && !has('message.sent')) moments.push({ key: 'sent', at: sentAt, what: 'Message sent' });
  moments.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  if (status === 'QUEUED' || status === 'DEFERRED') moments.push({ key: 'due', at: dueAt, what: dueAt ? 'Due, not before' : 'Due as soon as nothing holds it' });
  return moments;
}
