import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { Dialog } from './Dialog.tsx';
import { FormActions } from './Field.tsx';

type Unsaved = {
  /** whether something was typed that is saved nowhere */
  unsaved: boolean;
  /** as in "the changes of this draft" */
  what: string;
  /** parameters of this page's address that name what is edited, such as ['open']: another value leaves it, any other parameter does not */
  parameters?: readonly string[];
};

/**
 * Asks before what was typed is lost: by a link, by back and forward, by a reload, by closing the window.
 * @returns `dialog` belongs anywhere into the component; `release` lets the next way out pass, for the one after a save
 */
export function useUnsaved({ unsaved, what, parameters = [] }: Unsaved): { dialog: ReactNode; release: () => void } {
  const holds = useRef(unsaved);
  const rendered = useRef(unsaved);
  if (rendered.current !== unsaved) {
    rendered.current = unsaved;
    holds.current = unsaved;
  }
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => holds.current && (current.pathname !== next.pathname || parameters.some((name) => valueOf(current, name) !== valueOf(next, name))),
    enableBeforeUnload: () => holds.current,
    disabled: !unsaved,
    withResolver: true,
  });
  const dialog = (
    <Dialog title="Leave without saving?" opened={status === 'blocked'} close={() => reset?.()}>
      <p style={{ margin: 0 }}>{what.charAt(0).toUpperCase() + what.slice(1)} would be lost.</p>
      <FormActions>
        <Button variant="default" onClick={() => proceed?.()}>
          Leave without saving
        </Button>
        <Button data-autofocus onClick={() => reset?.()}>
          Keep editing
        </Button>
      </FormActions>
    </Dialog>
  );
  return { dialog, release: () => void (holds.current = false) };
}

function valueOf({ search }: { search: object }, name: string): string {
  return JSON.stringify((search as Record<string, unknown>)[name]) ?? '';
}
