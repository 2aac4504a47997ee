import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useAnswer } from '../../../api/useAnswer.ts';
import { WebhookDeliveriesDocument } from '../../../graphql/graphql.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { FilterBar, Select } from '../../../parts/Choices.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { deliveryStates, type SettingsSearch, webhookEvents } from '../search.ts';
import { DeliveryTable } from './DeliveryTable.tsx';

const route = getRouteApi('/settings');

/** What webhooks were told and will be, newest first. */
export function DeliveryPanel() {
  const { open, state, event, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = { webhookId: open, state, event };
  const deliveries = useAnswer(WebhookDeliveriesDocument, { ...pageArguments({ after, before }, 20), filter }, (data) => data.webhookDeliveries);
  useRefresh(true, 5_000, deliveries.again);
  const change = (to: Partial<SettingsSearch>) =>
    void navigate({ search: (old) => ({ ...old, after: undefined, before: undefined, ...to }), resetScroll: false });
  const isFiltered = open !== undefined || state !== undefined || event !== undefined;
  const total = deliveries.value?.totalCount;
  return (
    <Panel title="Deliveries" aside={total != null && `${plural(total, 'delivery', 'deliveries')}${open ? ' to the chosen webhook' : ''}`}>
      <FilterBar>
        <Select name="State" values={deliveryStates} chosen={state} choose={(to) => change({ state: to })} />
        <Select name="Event" values={webhookEvents} chosen={event} choose={(to) => change({ event: to })} />
        {isFiltered && (
          <Button variant="subtle" color="gray" size="sm" onClick={() => change({ open: undefined, state: undefined, event: undefined })}>
            {open ? 'All webhooks, no filters' : 'Clear the filters'}
          </Button>
        )}
      </FilterBar>
      <Answered of={deliveries} what="the list of deliveries">
        {({ nodes, pageInfo }) => (
          <>
            {nodes.length === 0 ? (
              <Empty title={isFiltered ? 'No delivery matches these filters' : 'Nothing was delivered yet'}>
                {!isFiltered && <p>Once something happens that a webhook is told of, it stands here for 30 days.</p>}
              </Empty>
            ) : (
              <DeliveryTable deliveries={nodes} />
            )}
            <Paging what="deliveries" page={pageInfo} place={{ after, before }} go={change} />
          </>
        )}
      </Answered>
    </Panel>
  );
}
