import { useAnswer } from '../../../api/useAnswer.ts';
import { ProspectRepliesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { count, words } from '../../../parts/format.ts';
import { Time } from '../../../parts/Time.tsx';
import classes from './Detail.module.css';
import { None, Section } from './Section.tsx';

/** The mails that came back. */
export function Replies({ id }: { id: string }) {
  const replies = useAnswer(ProspectRepliesDocument, { id }, (data) => data.prospect?.inboundMessages);
  const total = replies.value?.totalCount;
  return (
    <Section title="Replies" aside={total ? count(total) : undefined}>
      <Answered of={replies} what="the replies" rows={1}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <None>Nothing has come back.</None>
          ) : (
            <ul className={classes['entries']}>
              {nodes.map((reply) => (
                <li key={reply.id}>
                  <span className={classes['entryHead']}>
                    <strong dir="auto">{reply.subject ?? '(no subject)'}</strong>
                    <span className={classes['quiet']}>
                      {words(reply.kind)} · <Time at={reply.receivedAt ?? reply.createdAt} />
                    </span>
                  </span>
                  {reply.excerpt && <p className={classes['text']} dir="auto">{reply.excerpt}</p>}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
