import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../parts/Dialog.tsx';
import { Form, FormActions, TextField } from '../../parts/Field.tsx';
import { plural } from '../../parts/format.ts';
import type { ReadDraft } from './readDraft.ts';

type Props = { drafts: readonly ReadDraft[] | null; close: () => void; reject: (drafts: readonly ReadDraft[], reason: string) => void };

/** Asks why: the reason stands beside the draft for those who come after. */
export function RejectDialog({ drafts, close, reject }: Props) {
  return (
    <Dialog title={drafts?.length === 1 ? `Reject the draft for ${drafts[0]!.name}` : `Reject ${plural(drafts?.length ?? 0, 'draft')}`} opened={drafts !== null} close={close}>
      {drafts && <Reason close={close} reject={(reason) => reject(drafts, reason)} />}
    </Dialog>
  );
}

function Reason({ close, reject }: { close: () => void; reject: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        reject(reason.trim());
      }}
    >
      <TextField label="Reason" hint="It may stay empty." value={reason} maxLength={2_000} data-autofocus onChange={({ currentTarget }) => setReason(currentTarget.value)} />
      <FormActions>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" color="red">
          Reject
        </Button>
      </FormActions>
    </Form>
  );
}
