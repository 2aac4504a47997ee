import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { type DraftStatus, ProspectDraftsDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { count, plural, words } from '../../../parts/format.ts';
import { Time } from '../../../parts/Time.tsx';
import { Tone, type ToneName } from '../../../parts/Tone.tsx';
import classes from './Detail.module.css';
import { None, Section } from './Section.tsx';

const tones: Record<DraftStatus, ToneName> = { NONE: 'quiet', GENERATING: 'quiet', PENDING_REVIEW: 'warn', APPROVED: 'good', REJECTED: 'bad', SENT: 'good', FAILED: 'bad' };

/** What was written for a prospect; each leads to the draft. */
export function Drafts({ id }: { id: string }) {
  const drafts = useAnswer(ProspectDraftsDocument, { id }, (data) => data.prospect?.drafts);
  const total = drafts.value?.totalCount;
  return (
    <Section title="Drafts" aside={total ? count(total) : undefined}>
      <Answered of={drafts} what="the drafts" rows={1}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <None>Nothing was written yet.</None>
          ) : (
            <ul className={classes['entries']}>
              {nodes.map((draft) => (
                <li key={draft.id}>
                  <span className={classes['entryHead']}>
                    <Link to="/drafts" search={{ open: draft.id }}><bdi>{draft.subject ?? firstLine(draft.body)}</bdi></Link>
                    <Tone tone={tones[draft.status]}>{words(draft.status)}</Tone>
                  </span>
                  <span className={classes['quiet']}>
                    {words(draft.channel)}
                    {draft.isFollowUp && ' · follow-up'} · changed <Time at={draft.updatedAt} />
                    {draft.problems.length > 0 && ` · ${plural(draft.problems.length, 'problem')}`}
                  </span>
                </li>
              ))}
              {total != null && total > nodes.length && <li className={classes['quiet']}>These are the latest {count(nodes.length)}.</li>}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

/** What stands for a text that has no subject. */
export function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line || '(empty)';
}
