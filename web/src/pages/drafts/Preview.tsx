import { count, words } from '../../parts/format.ts';
import { OutLink } from '../../parts/OutLink.tsx';
import { LinkedText } from './LinkedText.tsx';
import classes from './Preview.module.css';
import { countCharacters, postLimit } from './postLimit.ts';
import type { FullDraft, Text } from './useDraft.ts';
import { useSender } from './useSender.ts';

type Props = { draft: FullDraft; text: Text };

/** The message as its recipient will see it. */
export function Preview({ draft, text }: Props) {
  return draft.channel === 'EMAIL' ? <Mail draft={draft} text={text} /> : <Post draft={draft} text={text} />;
}

function Mail({ draft: { recipient, isFollowUp }, text: { subject, body } }: Props) {
  const sender = useSender('EMAIL');
  return (
    <article className={classes['preview']} aria-label="The mail as they will read it">
      <header className={classes['head']}>
        <h3 dir="auto">{subject?.trim() || <em>No subject</em>}</h3>
        <dl>
          <dt>From</dt>
          <dd>{sender ? sender.address : sender === null ? <em>nobody yet: MAIL_FROM is not set</em> : '–'}</dd>
          <dt>To</dt>
          <dd>{recipient ?? <em>no address</em>}</dd>
        </dl>
      </header>
      <Body text={body} />
      <footer>
        Sent as plain text, exactly as it stands here: no signature, no footer and no tracking is added. Mail programs show their own
        Unsubscribe beside the sender.
        {isFollowUp && ' It stands below the earlier mail, in the same conversation.'}
      </footer>
    </article>
  );
}

function Post({ draft: { recipient, socialProfile }, text: { body } }: Props) {
  const limit = postLimit(socialProfile?.platform);
  const length = countCharacters(body);
  return (
    <article className={classes['preview']} aria-label="The message as they will read it">
      <header className={classes['head']}>
        <dl>
          <dt>To</dt>
          <dd>
            {recipient ? <OutLink to={recipient}>{socialProfile ? `@${socialProfile.username}` : recipient}</OutLink> : <em>no address</em>}
            {socialProfile && ` on ${words(socialProfile.platform)}`}
          </dd>
        </dl>
      </header>
      <Body text={body} />
      <footer data-over={length > limit || undefined}>
        {count(length)} of {count(limit)} characters{length > limit && `: ${count(length - limit)} too many`}. Nothing is added to it.
      </footer>
    </article>
  );
}

function Body({ text }: { text: string }) {
  return (
    <div className={classes['body']} dir="auto">
      {text.trim() === '' ? <em>No text</em> : <LinkedText text={text} />}
    </div>
  );
}
