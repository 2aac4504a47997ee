import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { useViewer } from '../../../api/useViewer.ts';
import { KeepSavedFilterDocument, type ProspectFilter, RemoveSavedFilterDocument, type SavedFilterListQuery } from '../../../graphql/graphql.ts';
import { useCommands } from '../../../keys/useCommands.ts';
import parts from '../../../parts/parts.module.css';
import { actions, Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { toast } from '../../../parts/toasts.ts';
import { useRowKeys } from '../../../parts/useRowKeys.ts';
import { conditionsOf, searchOf } from '../../prospects/filters/filter.ts';
import type { Action } from '../../../parts/form/useAction.ts';
import type { SaveOutcome } from '../../../parts/form/useForm.ts';

type Filter = NonNullable<SavedFilterListQuery['savedFilters']>['nodes'][number];

/** One saved filter a row, leading to the prospects that it matches now. */
export function SavedFilterTable({ filters, run }: { filters: readonly Filter[]; run: Action['run'] }) {
  const client = useClient();
  const { may } = useViewer();
  const navigate = useNavigate();
  const show = (id: string) => void navigate({ to: '/prospects', search: searchOf(filters.find((one) => one.id === id)?.filter as ProspectFilter) });
  const rows = useRowKeys({ ids: filters.map(({ id }) => id), choose: show });
  useCommands('Saved filters', rows.commands);

  async function keep({ name, filter }: Filter): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(KeepSavedFilterDocument, { name, filter: filter as ProspectFilter }).toPromise();
    refetch(client, ['SavedFilterList']);
    return { refusals: data?.saveFilter.userErrors, error };
  }

  async function remove(filter: Filter): Promise<SaveOutcome> {
    const { data, error } = await client.mutation(RemoveSavedFilterDocument, { id: filter.id }).toPromise();
    const refusals = data?.deleteSavedFilter.userErrors ?? [];
    if (!error && refusals.length === 0) {
      refetch(client, ['SavedFilterList']);
      toast(`Saved filter “${filter.name}” deleted`, { label: 'Undo', run: () => void run(() => keep(filter)) });
    }
    return { refusals, error };
  }

  return (
    <div {...rows.props}>
      <Table of="saved filters" columns={['Name', 'Saved', actions]}>
        {filters.map((filter) => (
          <tr key={filter.id} data-row-of={filter.id}>
            <td style={{ minWidth: '12rem', overflowWrap: 'anywhere' }}>
              <Link to="/prospects" search={searchOf(filter.filter as ProspectFilter)} data-row={filter.id} style={{ fontWeight: 550 }}>
                <bdi>{filter.name}</bdi>
              </Link>
              <div className={parts['aside']} dir="auto">
                {conditionsOf(searchOf(filter.filter as ProspectFilter))
                  .map(({ text }) => text)
                  .join(' · ') || 'Everybody'}
              </div>
            </td>
            <td>
              <Time at={filter.updatedAt} />
              {filter.createdBy && (
                <div className={parts['aside']}>
                  by <bdi>{filter.createdBy}</bdi>
                </div>
              )}
            </td>
            <td style={{ textAlign: 'right' }}>
              {may('OPERATOR') && (
                <Button size="compact-sm" variant="subtle" color="red" aria-label={`Delete ${filter.name}`} onClick={() => void run(() => remove(filter))}>
                  Delete
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
