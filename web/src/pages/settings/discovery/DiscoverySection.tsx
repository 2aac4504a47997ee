import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { DiscoveryQueriesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { FilterBar, Select } from '../../../parts/Choices.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { Split } from '../../../parts/Split.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { discoveryPlatforms, type SettingsSearch } from '../search.ts';
import { DiscoveryDetail } from './DiscoveryDetail.tsx';
import { DiscoveryTable } from './DiscoveryTable.tsx';

const route = getRouteApi('/settings');

/** The searches that were run, what each found, and the way to run one again. */
export function DiscoverySection() {
  const { open, platform, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const searches = useAnswer(
    DiscoveryQueriesDocument,
    { ...pageArguments({ after, before }, 50), filter: platform ? { platform: platform[0] } : undefined },
    (data) => data.discoveryQueries,
  );
  useRefresh(true, 10_000, searches.again);
  const change = (to: Partial<SettingsSearch>) => void navigate({ search: (old) => ({ ...old, ...to }), resetScroll: false });
  const first = { after: undefined, before: undefined };
  const total = searches.value?.totalCount;

  const list = (
    <Panel title="Searches" aside={total != null && plural(total, 'search', 'searches')}>
      <FilterBar>
        <Select name="Platform" values={discoveryPlatforms} chosen={platform} choose={(to) => change({ ...first, platform: to })} />
      </FilterBar>
      <Answered of={searches} what="the list of searches">
        {({ nodes, pageInfo }) => (
          <>
            {nodes.length > 0 && <DiscoveryTable searches={nodes} open={open} />}
            {nodes.length === 0 && platform && (
              <Empty title="No search matches these filters">
                <Button size="xs" variant="default" onClick={() => change({ ...first, platform: undefined })}>
                  Clear the filters
                </Button>
              </Empty>
            )}
            {nodes.length === 0 && !platform && (
              <Empty title="Nothing was searched for yet">
                <p>
                  A search finds prospects on websites, Bluesky, Mastodon or GitHub. It is started among the <Link to="/jobs">jobs</Link>, and stands here
                  to be run again.
                </p>
              </Empty>
            )}
            <Paging what="searches" page={pageInfo} place={{ after, before }} go={(place) => change({ ...first, ...place })} />
          </>
        )}
      </Answered>
    </Panel>
  );
  return <Split list={list} label="Search" chosen={open} close={() => change({ open: undefined })} detail={open === undefined ? null : <DiscoveryDetail key={open} id={open} />} />;
}
