import { Link } from '@tanstack/react-router';
import { count, plural, words } from '../../parts/format.ts';
import { OutLink } from '../../parts/OutLink.tsx';
import table from '../../parts/parts.module.css';
import { Time } from '../../parts/Time.tsx';
import classes from './Drafts.module.css';
import type { FullDraft } from './useDraft.ts';

/** What is known of whom the draft is for, to judge it by. */
export function RecipientFacts({ draft: { prospect, socialProfile } }: { draft: FullDraft }) {
  if (!prospect) return null;
  const bio = socialProfile?.bioText ?? prospect.bioText;
  const followers = socialProfile?.followerCount ?? prospect.followerCount;
  const links = [...new Set([socialProfile?.profileUrl, prospect.profileUrl, ...(socialProfile?.externalLinks ?? []), ...prospect.externalLinks])].filter((link) => link != null);
  return (
    <section className={classes['part']} aria-label="Recipient">
      <h3>Recipient</h3>
      {bio && (
        <p className={classes['bio']} dir="auto">
          {bio}
        </p>
      )}
      <dl className={table['facts']}>
        <dt>Prospect</dt>
        <dd>
          <Link to="/prospects" search={{ open: prospect.id }}>
            <bdi>{prospect.displayName}</bdi>
          </Link>
          , {words(prospect.stage).toLowerCase()}
        </dd>
        {prospect.email && (
          <>
            <dt>E-mail</dt>
            <dd>{prospect.email}</dd>
          </>
        )}
        {links.length > 0 && (
          <>
            <dt>Links</dt>
            <dd>
              <ul className={classes['links']}>
                {links.map((link) => (
                  <li key={link}>
                    <OutLink to={link} />
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {followers !== null && (
          <>
            <dt>Followers</dt>
            <dd>{count(followers)}</dd>
          </>
        )}
        {prospect.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd>{prospect.tags.join(', ')}</dd>
          </>
        )}
      </dl>
      <EarlierMessages messages={prospect.messages?.nodes ?? []} />
    </section>
  );
}

type Earlier = NonNullable<NonNullable<FullDraft['prospect']>['messages']>['nodes'];

function EarlierMessages({ messages }: { messages: Earlier }) {
  if (messages.length === 0) return null;
  return (
    <details className={classes['details']}>
      <summary>{plural(messages.length, 'message')} before</summary>
      {messages.map(({ id, channel, subject, body, status, sentAt, createdAt }) => (
        <div key={id} className={classes['earlier']}>
          <p className={table['aside']}>
            {words(status)} <Time at={sentAt ?? createdAt} /> {channel === 'SOCIAL' && 'as a social message'}
          </p>
          {subject && (
            <p dir="auto">
              <strong>{subject}</strong>
            </p>
          )}
          <p className={classes['text']} dir="auto">
            {body}
          </p>
        </div>
      ))}
    </details>
  );
}
