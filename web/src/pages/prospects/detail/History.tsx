import { useAnswer } from '../../../api/useAnswer.ts';
import { ProspectHistoryDocument, type ProspectHistoryQuery } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { words } from '../../../parts/format.ts';
import { Time } from '../../../parts/Time.tsx';
import classes from './Detail.module.css';
import { None, Section } from './Section.tsx';

type Entry = NonNullable<ProspectHistoryQuery['activities']>['nodes'][number];

/** Who did what to a prospect, newest first. */
export function History({ id }: { id: string }) {
  const history = useAnswer(ProspectHistoryDocument, { id }, (data) => data.activities);
  return (
    <Section title="History">
      <Answered of={history} what="the history" rows={2}>
        {({ nodes, pageInfo }) =>
          nodes.length === 0 ? (
            <None>Nothing was done yet.</None>
          ) : (
            <ol className={classes['history']}>
              {nodes.map((entry) => (
                <li key={entry.id}>
                  <span>
                    {whatOf(entry)}
                    <span className={classes['quiet']}> by <bdi>{entry.actor}</bdi></span>
                  </span>
                  <Time at={entry.at} />
                </li>
              ))}
              {pageInfo.hasNextPage && <li className={classes['quiet']}>Older entries are not shown.</li>}
            </ol>
          )
        }
      </Answered>
    </Section>
  );
}

/** "prospect.reviewed" from PENDING to APPROVED → "Reviewed: Pending → Approved". */
function whatOf({ action, from, to, details }: Entry): string {
  const [subject = '', verb = action] = action.split('.');
  const what = subject === 'prospect' ? words(verb) : `${words(subject)} ${verb.replaceAll('_', ' ')}`;
  const change = from && to ? `: ${words(from)} → ${words(to)}` : '';
  const reason = typeof details === 'object' && details !== null && 'reason' in details && typeof details.reason === 'string' ? ` (${details.reason})` : '';
  return what + change + reason;
}
