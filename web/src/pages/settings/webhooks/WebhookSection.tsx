import { useViewer } from '../../../api/useViewer.ts';
import { NotAllowed } from '../../../parts/NotAllowed.tsx';
import { DeliveryPanel } from './DeliveryPanel.tsx';
import { WebhookPanel } from './WebhookPanel.tsx';

/** Who is told of events, and what became of each. */
export function WebhookSection() {
  const { may } = useViewer();
  if (!may('ADMIN')) return <NotAllowed role="ADMIN" what="see or change webhooks" />;
  return (
    <>
      <WebhookPanel />
      <DeliveryPanel />
    </>
  );
}
