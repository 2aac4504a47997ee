import { Dialog } from '../../parts/Dialog.tsx';
import { DiscoverForm } from './DiscoverForm.tsx';

/** The dialog that starts a search for prospects on a platform or on websites. */
export function Discover({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog title="Discover prospects" opened={opened} close={close}>
      <DiscoverForm close={close} />
    </Dialog>
  );
}
