import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { type WebhookRowFragment, WebhooksDocument } from '../../../graphql/graphql.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { Panel } from '../../../parts/Page.tsx';
import { useRowKeys } from '../../../parts/useRowKeys.ts';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { ShownOnce } from '../ShownOnce.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import { WebhookTable } from './WebhookTable.tsx';

const route = getRouteApi('/settings');

/** The webhooks: to make, change, switch off and delete. */
export function WebhookPanel() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const webhooks = useAnswer(WebhooksDocument, {}, (data) => data.webhooks);
  const [edited, setEdited] = useState<'new' | WebhookRowFragment>();
  const [fresh, setFresh] = useState<{ url: string; secret: string }>();
  const addButton = useRef<HTMLButtonElement>(null);
  const done = () => {
    addButton.current?.focus();
    setFresh(undefined);
  };
  useRefresh(true, 10_000, webhooks.again);
  const choose = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id, after: undefined, before: undefined }), resetScroll: false });
  const nodes = webhooks.value?.nodes ?? [];
  const rows = useRowKeys({ ids: nodes.map(({ id }) => id), choose });
  useCommands('Webhooks', [
    ...rows.commands,
    { keys: 'n', label: 'New webhook', run: () => setEdited('new') },
    { keys: 'e', label: 'Edit the webhook', run: () => setEdited(nodes.find(({ id }) => id === rows.current())) },
  ]);
  const add = (
    <Button ref={addButton} size="compact-sm" onClick={() => setEdited('new')}>
      New webhook
    </Button>
  );
  return (
    <>
      {fresh && (
        <ShownOnce title={`The secret of ${fresh.url}`} what="the secret" secret={fresh.secret} done={done}>
          <p>The receiver checks with it that a request comes from here, as Standard Webhooks has it.</p>
        </ShownOnce>
      )}
      <Panel title="Webhooks" aside={add}>
        <Answered of={webhooks} what="the list of webhooks">
          {() =>
            nodes.length === 0 ? (
              <Empty title="Nobody is told of events yet">
                <p>A webhook is told when a message is sent, answered or returned, when a job ends, and when the schema breaks.</p>
                <Button size="xs" variant="default" onClick={() => setEdited('new')}>
                  Make the first webhook
                </Button>
              </Empty>
            ) : (
              <div {...rows.props}>
                <WebhookTable webhooks={nodes} chosen={open} choose={choose} edit={setEdited} />
                {webhooks.value?.pageInfo.hasNextPage && <p>These are the newest {nodes.length}.</p>}
              </div>
            )
          }
        </Answered>
      </Panel>
      <Dialog title={edited === 'new' ? 'New webhook' : 'Webhook'} opened={edited !== undefined} close={() => setEdited(undefined)}>
        {edited && <WebhookForm webhook={edited === 'new' ? undefined : edited} created={setFresh} close={() => setEdited(undefined)} />}
      </Dialog>
    </>
  );
}
