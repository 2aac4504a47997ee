import { useAnswer } from '../../../api/useAnswer.ts';
import { DiscoveryDetailDocument, type DiscoveryRowFragment } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural, words } from '../../../parts/format.ts';
import parts from '../../../parts/parts.module.css';
import { Time } from '../../../parts/Time.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import classes from './Discovery.module.css';
import { FoundLink } from './FoundLink.tsx';
import { Requests } from './Requests.tsx';
import { RunAgain } from './RunAgain.tsx';

/** One search: as it was asked, what was asked of others for it, and the way to run it again. */
export function DiscoveryDetail({ id }: { id: string }) {
  const found = useAnswer(DiscoveryDetailDocument, { id }, ({ node }) => ({ search: node?.__typename === 'DiscoveryQuery' ? node : null }));
  useRefresh(true, 5_000, found.again);
  return (
    <Answered of={found} what="the search" rows={8}>
      {({ search }) =>
        search === null ? (
          <Empty title="There is no such search" />
        ) : (
          <div className={classes['detail']}>
            <h2 dir="auto">{search.query}</h2>
            <dl className={parts['facts']}>
              <dt>Platform</dt>
              <dd>{words(search.platform)}</dd>
              <Filters filters={search.filters} />
              <dt>Found first by it</dt>
              <dd>
                <FoundLink search={search} /> {search.prospectCount === 1 ? 'prospect' : 'prospects'}
              </dd>
              <dt>First run</dt>
              <dd>
                <Time at={search.createdAt} exact />
                {search.createdBy && (
                  <>
                    {' '}
                    by <bdi>{search.createdBy}</bdi>
                  </>
                )}
              </dd>
            </dl>
            <RunAgain search={search} />
            <h3>What was asked of others{search.history?.totalCount != null && `: ${plural(search.history.totalCount, 'request')}`}</h3>
            {search.history && <Requests requests={search.history.nodes} />}
          </div>
        )
      }
    </Answered>
  );
}

/** "minFollowers: 500" → Min followers, 500 */
function Filters({ filters }: Pick<DiscoveryRowFragment, 'filters'>) {
  const given = typeof filters === 'object' && filters !== null ? Object.entries(filters) : [];
  return given.map(([name, value]) => <Filter key={name} name={words(name.replaceAll(/(?=[A-Z])/g, '_'))} text={typeof value === 'string' ? value : JSON.stringify(value)} />);
}

function Filter({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{text}</dd>
    </>
  );
}
