import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { DiscoveryQueriesDocument } from '../../../graphql/graphql.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { FilterBar, Select } from '../../../parts/Choices.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { Split } from '../../../parts/Split.tsx';
import { useRowKeys } from '../../../parts/useRowKeys.ts';
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
  const rows = useRowKeys({ ids: (searches.value?.nodes ?? []).map(({ id }) => id), open, choose: (id) => change({ open: id }) });
  useCommands('Searches', [...rows.commands, { keys: 'Escape', label: 'Close the search', run: () => open && change({ open: undefined }) }]);
  const first = { after: undefined, before: undefined };
  const total = searches.value?.totalCount;
  const hasSome = (searches.value?.nodes.length ?? 0) > 0;
  const { may } = useViewer();

  const discover = may('OPERATOR') && (
    <Link to="/jobs" search={{ start: 'discover' }}>
      Discover prospects
    </Link>
  );

  const list = (
    <Panel
      title="Searches"
      aside={
        <>
          {total != null && total > 0 && plural(total, 'search', 'searches')} {hasSome && discover}
        </>
      }
    >
      <FilterBar>
        <Select name="Platform" values={discoveryPlatforms} chosen={platform} choose={(to) => change({ ...first, platform: to })} />
      </FilterBar>
      <Answered of={searches} what="the list of searches">
        {({ nodes, pageInfo }) => (
          <div {...rows.props}>
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
                  A search finds prospects on websites, Bluesky, Mastodon or GitHub. It stands here to be run again.
                </p>
                {discover}
              </Empty>
            )}
            <Paging what="searches" page={pageInfo} place={{ after, before }} go={(place) => change({ ...first, ...place })} />
          </div>
        )}
      </Answered>
    </Panel>
  );
  return <Split list={list} label="Search" chosen={open} close={() => change({ open: undefined })} detail={open === undefined ? null : <DiscoveryDetail key={open} id={open} />} />;
}
