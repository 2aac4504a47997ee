import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../../api/useAnswer.ts';
import { useViewer } from '../../api/useViewer.ts';
import { SuppressionsDocument, type SuppressionRowFragment } from '../../graphql/graphql.ts';
import { Answered } from '../../parts/Answered.tsx';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural, words } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import { Table } from '../../parts/Table.tsx';
import { Time } from '../../parts/Time.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import type { Addressee } from './AddresseeFields.tsx';
import { LiftDialog } from './LiftDialog.tsx';
import { LookUp } from './LookUp.tsx';
import classes from './Messages.module.css';
import { type MessagesSearch, suppressionKinds } from './search.ts';
import { SuppressDialog } from './SuppressDialog.tsx';

const route = getRouteApi('/messages');
const pageSize = 50;

/** Who must never be contacted: look an address up, add somebody, take one back. */
export function Suppressions() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useViewer();
  const [adding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<Addressee | null>(null);
  const answer = useAnswer(SuppressionsDocument, { ...pageArguments(search, pageSize), kind: search.of }, (data) => data.suppressions);
  useRefresh(true, 10_000, answer.again);
  const change = (to: Partial<MessagesSearch>) => void navigate({ search: { ...search, after: undefined, before: undefined, ...to } });
  const total = answer.value?.totalCount ?? null;
  return (
    <div className={classes['stack']}>
      <LookUp email={search.q} find={(q) => change({ q })} lift={may('ADMIN') ? setLifting : null} />
      <Panel title="Suppressed" aside={total !== null && plural(total, 'suppression')}>
        <FilterBar>
          <Select name="Kind" values={suppressionKinds} chosen={search.of} choose={(of) => change({ of })} />
          {may('OPERATOR') && (
            <Button size="sm" onClick={() => setAdding(true)}>
              Suppress somebody
            </Button>
          )}
          {may('ADMIN') && (
            <Button size="sm" variant="default" onClick={() => setLifting({ kind: 'EMAIL', value: '', platform: 'GITHUB' })}>
              Lift a suppression
            </Button>
          )}
        </FilterBar>
        <p className={classes['aside']}>
          Only a keyed hash of each is kept, so that this list outlives the erasure of a person: whom a row names is not known any more, and it is lifted by
          naming them{may('ADMIN') ? '' : ', which takes the role Admin'}.
        </p>
        <Answered of={answer} what="the list of suppressions" rows={4}>
          {({ nodes, pageInfo }) => (
            <>
              {nodes.length === 0 && <NoSuppressions isFiltered={search.of !== undefined} clear={() => change({ of: undefined })} />}
              {nodes.length > 0 && <SuppressionTable suppressions={nodes} />}
              <Paging what="suppressions" page={pageInfo} place={search} go={change} />
            </>
          )}
        </Answered>
      </Panel>
      <SuppressDialog opened={adding} close={() => setAdding(false)} />
      <LiftDialog key={lifting?.value} whom={lifting} close={() => setLifting(null)} />
    </div>
  );
}

function SuppressionTable({ suppressions }: { suppressions: readonly SuppressionRowFragment[] }) {
  return (
    <Table of="suppressions" label="Suppressions" columns={['Kind', 'Why', 'By', 'Since']}>
      {suppressions.map(({ id, kind, reason, createdBy, createdAt }) => (
        <tr key={id}>
          <td>{kind === 'EMAIL' ? 'E-mail address' : words(kind)}</td>
          <td dir="auto" style={{ overflowWrap: 'anywhere', minWidth: '8rem' }}>
            {reason}
          </td>
          <td>{createdBy ?? '–'}</td>
          <td>
            <Time at={createdAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function NoSuppressions({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (isFiltered) {
    return (
      <Empty title="No suppression matches these filters">
        <Button size="xs" variant="default" mt="xs" onClick={clear}>
          Clear the filters
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title="Nobody is suppressed">
      <p>Whoever unsubscribes, complains or is erased comes here by themselves; anybody else can be added.</p>
    </Empty>
  );
}
