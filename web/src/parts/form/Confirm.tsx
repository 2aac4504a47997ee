import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../Dialog.tsx';
import { FormActions } from '../Field.tsx';
import { Outcome } from './Outcome.tsx';
import { useAction } from './useAction.ts';
import type { SaveOutcome } from './useForm.ts';

type Props = {
  title: string;
  opened: boolean;
  close: () => void;
  /** what the button says and does; the dialog closes when it worked */
  label: string;
  act: () => Promise<SaveOutcome>;
  children: ReactNode;
};

/** Asks before something that cannot be taken back. */
export function Confirm({ title, opened, close, label, act, children }: Props) {
  const { busy, outcome, run } = useAction();
  return (
    <Dialog title={title} opened={opened} close={close}>
      {children}
      <Outcome of={outcome} />
      <FormActions>
        <Button variant="default" data-autofocus onClick={close}>
          Cancel
        </Button>
        <Button color="red" loading={busy} onClick={() => void run(act).then((worked) => worked && close())}>
          {label}
        </Button>
      </FormActions>
    </Dialog>
  );
}
