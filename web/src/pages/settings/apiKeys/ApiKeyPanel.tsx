import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useAnswer } from '../../../api/useAnswer.ts';
import { ApiKeysDocument } from '../../../graphql/graphql.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import { Answered } from '../../../parts/Answered.tsx';
import { Dialog } from '../../../parts/Dialog.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { plural } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Page.tsx';
import { pageArguments, Paging } from '../../../parts/Paging.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { ShownOnce } from '../ShownOnce.tsx';
import { ApiKeyForm } from './ApiKeyForm.tsx';
import { ApiKeyTable } from './ApiKeyTable.tsx';

const route = getRouteApi('/settings');

/** The API keys: to make, and to end. */
export function ApiKeyPanel() {
  const { after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const keys = useAnswer(ApiKeysDocument, pageArguments({ after, before }, 50), (data) => data.apiKeys);
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<{ name: string; key: string }>();
  const addButton = useRef<HTMLButtonElement>(null);
  const done = () => {
    addButton.current?.focus();
    setFresh(undefined);
  };
  useRefresh(true, 10_000, keys.again);
  useCommands('API keys', [{ keys: 'n', label: 'New API key', run: () => setAdding(true) }]);
  const total = keys.value?.totalCount;
  return (
    <>
      {fresh && (
        <ShownOnce title={`The key of ${fresh.name}`} what="the key" secret={fresh.key} done={done}>
          <p>It goes into the header authorization: Bearer …, or into the sign-in page of this dashboard.</p>
        </ShownOnce>
      )}
      <Panel
        title="API keys"
        aside={
          <Button ref={addButton} size="compact-sm" onClick={() => setAdding(true)}>
            New API key
          </Button>
        }
      >
        <Answered of={keys} what="the list of API keys">
          {({ nodes, pageInfo }) => (
            <>
              {nodes.length === 0 ? (
                <Empty title="There is no API key yet">
                  <p>You are signed in with the token of the server itself. Make a key for each person and each program, with no more than it needs.</p>
                  <Button size="xs" variant="default" onClick={() => setAdding(true)}>
                    Make the first API key
                  </Button>
                </Empty>
              ) : (
                <ApiKeyTable keys={nodes} />
              )}
              {total != null && total > nodes.length && <p>{plural(total, 'API key')}</p>}
              <Paging
                what="API keys"
                page={pageInfo}
                place={{ after, before }}
                go={(place) => void navigate({ search: (old) => ({ ...old, after: undefined, before: undefined, ...place }), resetScroll: false })}
              />
            </>
          )}
        </Answered>
      </Panel>
      <Dialog title="New API key" opened={adding} close={() => setAdding(false)}>
        {adding && <ApiKeyForm created={setFresh} close={() => setAdding(false)} />}
      </Dialog>
    </>
  );
}
