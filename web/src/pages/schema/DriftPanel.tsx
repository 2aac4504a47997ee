import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useCommands } from '../../keys/useCommands.ts';
import { FilterBar, Select } from '../../parts/Choices.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
import { Panel } from '../../parts/Page.tsx';
import { SearchField } from '../../parts/SearchField.tsx';
import { DriftEntry } from './DriftEntry.tsx';
import { filtered, incidents } from './incidents.ts';
import classes from './Schema.module.css';
import { type SchemaSearch, severities } from './search.ts';
import { useKeptFocus } from './useKeptFocus.ts';
import type { Health } from './useHealth.ts';

type Props = { health: Health; search: SchemaSearch; change: (search: SchemaSearch) => void };

/** So many are shown with all that is known of them; more are unfolded one by one. */
const unfolded = 2;

/** What differs from what this build expects, the most urgent first, one cause an entry. */
export function DriftPanel({ health, search, change }: Props) {
  const all = incidents(health.drift);
  const shown = filtered(all, search);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const panel = useKeptFocus(shown.map(({ cause }) => cause.id).join());

  function go(step: 1 | -1) {
    const place = shown.findIndex(({ cause }) => cause.id === search.open);
    const next = shown[place < 0 ? 0 : Math.min(Math.max(place + step, 0), shown.length - 1)];
    if (!next) return;
    change({ open: next.cause.id });
    const element = list.current?.children[shown.indexOf(next)];
    if (element instanceof HTMLElement) element.focus();
  }
  useCommands('Differences', all.length === 0 ? [] : [
    { keys: 'j', label: 'Next difference', run: () => go(1) },
    { keys: 'k', label: 'Previous difference', run: () => go(-1) },
    { keys: '/', label: 'Search the differences', run: () => field.current?.focus() },
  ]);

  if (health.database === null) return null;
  const isFiltered = search.q !== undefined || search.severity !== undefined;
  return (
    <div ref={panel} tabIndex={-1} className={classes['kept']}>
      <Panel title="Differences" aside={all.length > 0 && (isFiltered ? `${shown.length} of ${plural(all.length, 'cause')}` : plural(all.length, 'cause'))}>
        {(all.length > 0 || isFiltered) && (
          <FilterBar>
            <SearchField text={search.q ?? ''} find={(q) => change({ q: q || undefined })} field={field} placeholder="Table, column, operation, who" />
            <Select name="Severity" values={severities} chosen={search.severity && [search.severity]} choose={(chosen) => change({ severity: chosen?.[0] })} />
          </FilterBar>
        )}
        {all.length === 0 && (
          <Empty title={health.status === 'READY' ? 'The live schema is the one that this build expects' : 'No difference was found'}>
            <p>{health.status === 'READY' ? 'Everything was read in this very check.' : 'Not everything could be read, though.'}</p>
          </Empty>
        )}
        {all.length > 0 && shown.length === 0 && (
          <Empty title="No difference matches these filters">
            <Button size="xs" variant="default" onClick={() => change({ q: undefined, severity: undefined })}>
              Clear the filters
            </Button>
          </Empty>
        )}
        <ol ref={list} className={classes['incidents']} aria-label="Differences, most urgent first">
          {shown.map((incident) => (
            <DriftEntry
              key={incident.cause.id}
              incident={incident}
              plan={health.repairPlan}
              opened={incident.cause.id === search.open || all.length <= unfolded}
              toggle={(opened) => change({ open: opened ? incident.cause.id : undefined })}
              current={incident.cause.id === search.open}
            />
          ))}
        </ol>
      </Panel>
    </div>
  );
}
