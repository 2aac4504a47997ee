import { Dialog } from '../../parts/Dialog.tsx';
import { DraftJobForm } from './DraftJobForm.tsx';

/** The dialog that starts a draft job over every prospect that can have one; the number is confirmed by the server. */
export function StartDraftJob({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog title="Start a draft job" opened={opened} close={close} wide>
      <DraftJobForm close={close} />
    </Dialog>
  );
}
