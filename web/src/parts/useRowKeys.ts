import { type FocusEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { Command } from '../keys/commands.ts';
import type { RowSelection } from './useRowSelection.ts';

type Rows = {
  /** of what is listed, in order; the element of each has `data-row-of={id}`, its link or button `data-row={id}` */
  ids: readonly string[];
  /** what is shown beside the list */
  open?: string | undefined;
  choose: (id: string) => void;
  /** absent where nothing can be selected */
  selection?: Pick<RowSelection, 'toggle' | 'extend'> | undefined;
};

/**
 * Moves through a list by the keyboard: the focus itself goes from row to row. While one is open beside the list, the next
 * one opens instead. When the row with the focus leaves the list, the one in its place gets it.
 * @returns `props` for the element around the rows; `commands` for useCommands; `current`, the id of the row that a command is about;
 * `restore`, for after a dialog whose button is gone; `focus`, to go on at a row, or at the list where there is none
 */
export function useRowKeys({ ids, open, choose, selection }: Rows) {
  const list = useRef<HTMLDivElement>(null);
  const last = useRef<{ id: string; index: number } | undefined>(undefined);
  const rowOf = (id: string | undefined) => (id === undefined ? null : list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`));
  const focus = (id: string | undefined) => (rowOf(id) ?? list.current)?.focus();
  const stand = (id: string) => {
    last.current = { id, index: ids.indexOf(id) };
  };

  /** where the reader stands */
  function current(): string | undefined {
    if (open !== undefined) return ids.includes(open) ? open : undefined;
    return last.current && ids.includes(last.current.id) ? last.current.id : undefined;
  }

  function move(by: 1 | -1): string | undefined {
    const from = current();
    const id = ids[from === undefined ? (by > 0 ? 0 : ids.length - 1) : Math.max(0, Math.min(ids.length - 1, ids.indexOf(from) + by))];
    if (id === undefined) return undefined;
    if (open === undefined) rowOf(id)?.focus();
    else choose(id);
    stand(id);
    return id;
  }

  function extend(by: 1 | -1) {
    const from = current();
    const to = move(by);
    if (to !== undefined) selection?.extend(from ?? to, to);
  }

  const withCurrent = (run: (id: string) => void) => () => {
    const id = current();
    if (id !== undefined) run(id);
  };

  /** The focus goes where the reader stood, unless it is somewhere already. */
  function restore() {
    if (document.activeElement !== document.body) return;
    const stood = last.current;
    const next = stood && (ids.includes(stood.id) ? stood.id : ids[Math.min(stood.index, ids.length - 1)]);
    if (next === undefined) last.current = undefined;
    else stand(next);
    focus(next);
  }

  useLayoutEffect(() => {
    if (last.current && !ids.includes(last.current.id)) restore();
  });

  useEffect(() => {
    rowOf(open)?.closest('[data-row-of]')?.scrollIntoView({ block: 'nearest' });
  }, [open]);

  const commands: Command[] = [
    { keys: 'j', label: 'Next row', run: () => void move(1) },
    { keys: 'k', label: 'Previous row', run: () => void move(-1) },
    { keys: 'Enter', label: 'Open the row', run: () => {}, listens: false },
    { keys: 'o', label: 'Open the row', run: withCurrent(choose) },
  ];
  if (selection) {
    commands.push(
      { keys: 'x', label: 'Select the row', run: withCurrent(selection.toggle) },
      { keys: 'shift+j', label: 'Select downwards', run: () => extend(1) },
      { keys: 'shift+k', label: 'Select upwards', run: () => extend(-1) },
    );
  }

  return {
    commands,
    current,
    restore,
    focus,
    props: {
      ref: list,
      tabIndex: -1,
      onFocus: (event: FocusEvent<HTMLElement>) => {
        const id = event.target.closest('[data-row-of]')?.getAttribute('data-row-of');
        if (id) stand(id);
      },
    },
  };
}

export type RowKeys = ReturnType<typeof useRowKeys>;
